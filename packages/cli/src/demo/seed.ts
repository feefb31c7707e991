import { hostname } from "node:os";
import { join } from "node:path";
import { api } from "../backend/api.ts";
import { connect } from "../backend/connect.ts";
import type { Backend } from "../backend/connect.ts";
import { notSignedIn, personCredential } from "../backend/credential.ts";
import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import { createRepository } from "./repository.ts";

const ROOM = "harbor";
const TEAM = ["planner", "builder"] as const;

/**
 * Sets up the demo: the repository, the room, and its two scripted agents on this machine, wanted running. Run again it
 * completes what is missing and leaves the rest as people have made it. @throws CliError
 */
export async function seedDemo({ home, url }: { home: Home; url: string }): Promise<void> {
  const credential = await personCredential(home, url);
  if (credential === null) throw notSignedIn(url);
  const workingDir = join(home.demo, ROOM);
  await createRepository(workingDir);
  const backend = connect({ home, credential });
  try {
    if (await haveRoom(backend)) await haveAgents(backend, workingDir);
  } finally {
    await backend.close();
  }
}

/** Whether the room is open: one that people have archived stays so. */
async function haveRoom(backend: Backend): Promise<boolean> {
  const { items } = await backend.query(api.rooms.list, { archived: true });
  const known = items.find(({ name }) => name === ROOM);
  if (known !== undefined) return known.archivedAt === null;
  const room = { name: ROOM, team: [...TEAM], entryRole: TEAM[0], key: `demo:${ROOM}` };
  await backend.mutate(api.rooms.create, room);
  return true;
}

async function haveAgents(backend: Backend, workingDir: string): Promise<void> {
  const { items } = await backend.query(api.rooms.getTeamReadiness, { room: ROOM });
  const machineId = await thisMachine(backend);
  for (const role of TEAM) {
    if (items.some((seat) => seat.role === role && seat.type !== null)) continue;
    await backend.mutate(api.agents.add, {
      room: ROOM,
      role,
      type: "remote",
      harness: "demo",
      machineId,
      workingDir,
    });
  }
}

async function thisMachine(backend: Backend): Promise<string> {
  const { items } = await backend.query(api.machines.list, {});
  const machine = items.find(({ name }) => name === hostname());
  if (machine !== undefined) return machine._id;
  throw new CliError("not_found", "This computer is no machine of the backend yet.", {
    hint: "Run `muster up` on it first.",
  });
}
