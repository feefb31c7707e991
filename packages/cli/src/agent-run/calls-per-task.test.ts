import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../backend/api.ts";
import { World } from "../daemon/world.fixture.ts";
import type { Room } from "../daemon/world.fixture.ts";

const STARTS_MS = 30_000;
const TASKS = 4;
/** What goes on beside the tasks while they are done: a beat of the machine, a run of the clean-up. */
const BESIDE = 2;

let world: World;
beforeAll(async () => {
  world = await World.begin("standard");
  await world.startDaemon();
}, STARTS_MS);
afterAll(async () => await world.end());

/** What this test has asked itself: again and again, since a subscription would be counted. */
let own = 0;
const total = () => Object.values(world.up.calls()).reduce((sum, count) => sum + count, 0) - own;

async function asked<T>(answer: Promise<T>): Promise<T> {
  own += 1;
  return await answer;
}

/** One task from its message until its agent is ready again; for how many seconds its turns could tell something. */
async function done(room: Room, text: string): Promise<number> {
  const taskId = await room.send(text);
  while ((await asked(room.taskStatus(taskId))) !== "completed") await sleep(20);
  while ((await asked(room.seat("linus"))).agentStatus !== "ready") await sleep(20);
  const ofTask = world.person.query(api.turns.ofTask, { room: room.name, taskId });
  const { items } = await asked(ofTask);
  const lasted = items.map(({ startedAt, endedAt }) => ((endedAt ?? 0) - startedAt) / 1_000);
  return lasted.reduce((sum, seconds) => sum + Math.floor(seconds), 0);
}

test.each([
  ["a program for each turn that hands off", "hands", "mend the net"],
  ["a program that only answers", "answers", "mend the net"],
  ["a session that hands off", "scripted", "shell muster handoff --to user mended"],
  [
    "a session that changes a file and hands off",
    "scripted",
    "shell date +%N > net.txt; muster handoff --to user mended",
  ],
])(
  "a task of %s costs at most eight calls, and one for each second of its turn",
  async (_what, harness, text) => {
    const room = await world.room({ linus: harness });
    await done(room, text);
    const before = total();

    let seconds = 0;
    for (let sent = 0; sent < TASKS; sent += 1) seconds += await done(room, text);

    expect((total() - before - seconds - BESIDE) / TASKS).toBeLessThanOrEqual(8);
  },
);
