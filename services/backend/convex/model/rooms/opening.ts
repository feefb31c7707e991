import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as agents from "../seats/agents.ts";
import { notFound, refusal } from "../refusal.ts";
import * as rooms from "./rooms.ts";

type Opening = rooms.NewRoom & {
  readonly repo?: string;
  readonly harness?: string;
  readonly machineId?: string;
};

/** Opens a room and, when a harness is named, adds and starts its whole team: all of it or nothing. */
export async function openRoom(
  ctx: MutationCtx,
  owner: Doc<"users">,
  { repo, harness, machineId, ...given }: Opening,
): Promise<{ roomId: Id<"rooms">; name: string }> {
  const opened = await rooms.create(ctx, owner, given);
  if (harness === undefined) {
    if (repo !== undefined || machineId !== undefined)
      throw refusal("invalid", "Say which harness the team runs.", "muster machine list");
    return opened;
  }
  const machine = await agents.machineFor(ctx, owner, machineId);
  requireUsable(machine, harness);
  for (const role of new Set(given.team)) {
    const room = await ctx.db.get("rooms", opened.roomId);
    if (room === null) throw new Error("A room that was just opened is missing.");
    await agents.add(ctx, room, owner, {
      role,
      type: "remote",
      harness,
      machineId: machine._id,
      ...(repo === undefined ? {} : { workingDir: repo }),
    });
  }
  return opened;
}

/** A team that could not start is not added: what is missing is told at once. */
function requireUsable({ name, harnesses }: Doc<"machines">, wanted: string): void {
  const harness = harnesses.find((known) => known.name === wanted);
  if (harness === undefined) {
    const usable = harnesses.filter(({ problem }) => problem === undefined);
    const there = usable.map((known) => known.name).join(", ");
    throw notFound(`harness "${wanted}"`, `${name} has ${there === "" ? "none" : there}.`);
  }
  const { problem } = harness;
  if (problem !== undefined) throw refusal("invalid", problem.message, problem.command);
}
