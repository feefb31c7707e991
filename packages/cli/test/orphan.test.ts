import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AGENT_MARKER, findMarked } from "../src/daemon/marker.ts";
import { World } from "../src/daemon/world.fixture.ts";

const PATIENTLY = { interval: 100, timeout: 25_000 };
let world: World;

beforeAll(async () => {
  world = await World.begin();
  await world.startDaemon();
});
afterAll(async () => await world.end());

/** The marker of the only agent that this machine has started. */
async function markerOnDisk(): Promise<string> {
  const text = await readFile(join(world.home.daemon, "agents.json"), "utf8");
  const { agents } = JSON.parse(text) as { agents: { marker: string }[] };
  const [only] = agents;
  if (only === undefined) throw new Error("no agent is known on this machine");
  return only.marker;
}

test("an agent whose daemon and backend are both gone for good ends with all that it has started, and is brought back with them", async () => {
  const harbor = await world.room({ builder: "works" });
  const taskId = await harbor.send("mend the net");
  const { now } = await harbor.until("builder", "working");
  const marker = await markerOnDisk();
  const living = async () => (await findMarked(AGENT_MARKER, marker)).map(({ pid }) => pid);
  await vi.waitFor(async () => expect((await living()).length).toBeGreaterThan(2), PATIENTLY);

  await world.signalDaemon("SIGKILL");
  await world.restartBackend(async () => {
    expect(await living()).toContain(now.pid);
    await vi.waitFor(async () => expect(await living()).toEqual([]), PATIENTLY);
    expect(await markerOnDisk()).toBe(marker);
  });
  await world.startDaemon();

  // Until its lease has run out the room says what it last heard.
  await vi.waitFor(async () => {
    const { now: next } = await harbor.until("builder", "working");
    expect(next.pid).not.toBe(now.pid);
    expect(next.currentTaskId).toBe(taskId);
  }, PATIENTLY);
});
