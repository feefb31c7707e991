import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { homeOf } from "../home.ts";
import { systemClock } from "./clock.ts";
import { effectsOf } from "./effects.ts";
import type { LaunchSurroundings } from "./launch.ts";
import { adopted, AgentRecords } from "./records.ts";
import type { WantedAgent } from "./supervised.ts";

const builder = { roomId: "harbor-id", roomName: "harbor", role: "builder" } as WantedAgent;
const exit = { code: 3, signal: null, tail: "no key" };
const process_ = {
  pid: 0,
  marker: "nobody",
  exited: Promise.resolve(exit),
  send: () => {},
  signal: () => {},
};

const refusing = async () => await Promise.reject(new Error("refused"));

/** The records of a daemon that has started linus's builder, in a home of its own. */
async function begun() {
  const home = homeOf({ MUSTER_HOME: await mkdtemp(join(tmpdir(), "muster-effects-")) });
  onTestFinished(async () => await rm(home.root, { recursive: true, force: true }));
  const records = await AgentRecords.open(home);
  const { roomId, role } = builder;
  const start = { url: "http://127.0.0.1:1", roomId, role, epoch: 4, holderId: "linus" };
  await records.keep({ ...start, marker: "nobody", identity: null });
  return { home, records };
}

test("how a process ended is on disk before it is told, so that a daemon that is killed meanwhile leaves it to the next", async () => {
  const { home, records } = await begun();
  const found: unknown[] = [];
  const deliver = async () => {
    const [record] = (await AgentRecords.open(home)).all();
    found.push(record === undefined ? null : await adopted(record, systemClock).exited);
    return { accepted: true, agentStatus: "dead", epoch: 4 };
  };
  const around = { records, reports: { deliver } } as unknown as LaunchSurroundings;
  const effects = effectsOf(around, systemClock, () => {});

  await effects.bury(builder, { process: process_, epoch: 4, holderId: "linus" }, exit);

  expect(found).toEqual([exit]);
  expect((await AgentRecords.open(home)).all()).toEqual([]);
});

test("what could not be told stays on disk", async () => {
  const { home, records } = await begun();
  const around = { records, reports: { deliver: refusing } } as unknown as LaunchSurroundings;
  const effects = effectsOf(around, systemClock, () => {});

  const buried = effects.bury(builder, { process: process_, epoch: 4, holderId: "linus" }, exit);

  await expect(buried).rejects.toThrow("refused");
  expect((await AgentRecords.open(home)).all()).toMatchObject([{ epoch: 4, exit }]);
});
