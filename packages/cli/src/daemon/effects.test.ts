import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { homeOf } from "../home.ts";
import type { Home } from "../home.ts";
import { systemClock } from "./clock.ts";
import { effectsOf } from "./effects.ts";
import type { LaunchSurroundings } from "./launch.ts";
import { AgentRecords } from "./records.ts";
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

/** What the next daemon of that home would find. */
const left = async (home: Home) => (await AgentRecords.open(home)).all();

test("a room hears of an end even if the disk takes no more", async () => {
  const { records } = await begun();
  const told: unknown[] = [];
  const deliver = async (_agent: unknown, report: unknown) => {
    told.push(report);
    return await Promise.resolve({ accepted: true, agentStatus: "dead", epoch: 4 });
  };
  const full = { keepExit: refusing, forget: refusing };
  const around = { records: full, reports: { deliver } } as unknown as LaunchSurroundings;
  const effects = effectsOf(around, systemClock, () => {});

  const buried = effects.bury(builder, { process: process_, epoch: 4, holderId: "linus" }, exit);

  await expect(buried).rejects.toThrow("refused");
  expect(told).toEqual([{ type: "process_exited", ...exit, asked: false }]);
  expect(records.all()).toHaveLength(1);
});

test("how a process ended is on disk while it is being told, so that a daemon that is killed meanwhile leaves it to the next", async () => {
  const { home, records } = await begun();
  const answer = Promise.withResolvers<unknown>();
  const around = {
    records,
    reports: { deliver: async () => await answer.promise },
  } as unknown as LaunchSurroundings;
  const effects = effectsOf(around, systemClock, () => {});

  const buried = effects.bury(builder, { process: process_, epoch: 4, holderId: "linus" }, exit);

  await expect.poll(() => left(home)).toMatchObject([{ epoch: 4, exit }]);
  answer.resolve({ accepted: true, agentStatus: "dead", epoch: 4 });
  await buried;
  expect(await left(home)).toEqual([]);
});

test("what could not be told stays on disk", async () => {
  const { home, records } = await begun();
  const around = { records, reports: { deliver: refusing } } as unknown as LaunchSurroundings;
  const effects = effectsOf(around, systemClock, () => {});

  const buried = effects.bury(builder, { process: process_, epoch: 4, holderId: "linus" }, exit);

  await expect(buried).rejects.toThrow("refused");
  await expect.poll(() => left(home)).toMatchObject([{ epoch: 4, exit }]);
});
