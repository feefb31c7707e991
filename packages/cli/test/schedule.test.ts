import { afterAll, beforeAll, expect, test } from "vitest";
import { Muster } from "./muster.ts";

const ROOM = ["--room", "harbor"];
const ADA = [...ROOM, "--role", "ada"];
let muster: Muster;

beforeAll(async () => {
  muster = new Muster();
  await muster.up();
  await muster.call(["room", "create", "harbor", "--team", "ada,linus"]);
});

afterAll(async () => await muster[Symbol.asyncDispose]());

const schedule = async (...args: string[]) => await muster.call(["schedule", ...args]);

async function items() {
  const { data } = await schedule("list", ...ROOM);
  return data["items"] as Array<Record<string, unknown>>;
}

test("a schedule is added in a room that is off, switched on, run, paused, resumed and removed", async () => {
  const added = await schedule("add", "nightly", ...ADA, "--every", "30m");
  expect(added).toMatchObject({ exit: 0, data: { name: "nightly", kind: "heartbeat", on: false } });
  expect(added.next).toEqual(["muster schedule on --room harbor"]);
  expect((await schedule("list", ...ROOM)).next).toEqual(["muster schedule on --room harbor"]);
  expect((await schedule("on", ...ROOM)).data).toMatchObject({ on: true, runsPerDay: 96 });

  const ran = await schedule("run", "nightly", ...ROOM);
  expect(ran.data).toMatchObject({ status: "skipped", reason: "agent-offline" });
  const shown = await schedule("show", "nightly", ...ROOM);
  expect(shown.data).toMatchObject({ schedule: { name: "nightly", state: "active" } });
  expect(shown.data["ticks"]).toContainEqual(
    expect.objectContaining({ manual: true, reason: "agent-offline" }),
  );

  expect((await schedule("pause", "nightly", ...ROOM)).data).toEqual({ state: "paused" });
  expect((await schedule("resume", "nightly", ...ROOM)).data).toMatchObject({ state: "active" });
  expect((await schedule("off", ...ROOM)).data).toMatchObject({ on: false });
  expect((await schedule("remove", "nightly", ...ROOM)).exit).toBe(0);
  expect(await items()).toEqual([]);
});

test("words make it a prompt, whether they are an option, arguments or piped in", async () => {
  const zone = ["--zone", "Europe/Berlin"];
  await schedule("add", "standup", "What", "is", "new?", ...ADA, "--cron", "0 9 * * 1-5", ...zone);
  await schedule("add", "party", ...ADA, "--at", "2099-12-24T18:00Z", "--prompt", "Go home.");
  const piped = ["schedule", "add", ...ADA, "--every", "2h", "--target", "last"];
  const quiet = ["--quiet", "22:00-07:00", "--quiet-zone", "UTC", "--ok-token", "ALL_QUIET"];
  await muster.call([...piped, ...quiet], { stdin: "Look at the tide.\n" });
  await schedule(
    "add",
    "watch",
    ...ADA,
    "--every",
    "1d",
    "--heartbeat",
    "--prompt",
    "And the sky.",
  );

  expect(await items()).toMatchObject([
    {
      name: "ada-prompt",
      kind: "prompt",
      prompt: "Look at the tide.",
      cadence: { type: "interval", everyMs: 7_200_000 },
      target: "last",
      quietHours: { from: "22:00", to: "07:00", zone: "UTC" },
      okToken: "ALL_QUIET",
    },
    { name: "party", prompt: "Go home.", cadence: { at: Date.UTC(2099, 11, 24, 18) } },
    {
      name: "standup",
      prompt: "What is new?",
      cadence: { type: "cron", expression: "0 9 * * 1-5", zone: "Europe/Berlin" },
    },
    { name: "watch", kind: "heartbeat", prompt: "And the sky." },
  ]);
});

test.each<[string, string[], number, RegExp]>([
  ["less than a minute", ["--every", "59s"], 2, /^The interval is shorter than one minute\.$/],
  ["no duration", ["--every", "often"], 2, /must be a duration like 90s, 30m, 2h or 1d/],
  ["no cron", ["--cron", "daily"], 2, /^"daily" is not a cron expression of five fields/],
  [
    "no zone",
    ["--cron", "0 9 * * *", "--zone", "Mars/Base"],
    2,
    /^"Mars\/Base" is not a time zone/,
  ],
  ["a day that never comes", ["--cron", "0 9 30 2 *"], 2, /names a time that never comes/],
  ["a date that has passed", ["--at", "2020-01-01T10:00"], 2, /^The date lies in the past/],
  ["no date", ["--at", "tomorrow"], 2, /must be a date with a time/],
  ["no time at all", [], 2, /^When is it due\? Give one of --every, --cron and --at\.$/],
  ["two times", ["--every", "1h", "--cron", "0 9 * * *"], 2, /^It is due in one way only\./],
  [
    "words in two places",
    ["more", "--every", "1h", "--prompt", "some"],
    2,
    /^The words are given twice\.$/,
  ],
  ["a zone without cron", ["--every", "1h", "--zone", "UTC"], 2, /^--zone is for --cron\.$/],
  ["no target", ["--every", "1h", "--target", "all"], 2, /^"all" is no target/],
  [
    "somebody unknown",
    ["--every", "1h", "--target", "dashboard/eve"],
    3,
    /channel "dashboard\/eve"/,
  ],
  ["no quiet hours", ["--every", "1h", "--quiet", "at night"], 2, /must be two times of the day/],
  ["a quiet 25th hour", ["--every", "1h", "--quiet", "25:00-07:00"], 2, /"25:00" is not a time/],
  ["no token", ["--every", "1h", "--ok-token", "O K"], 2, /^An OK token has 3 to 40 letters/],
])("%s is refused in one sentence, and nothing is added", async (_what, args, exit, message) => {
  const before = await items();
  const refused = await schedule("add", "wrong", ...ADA, ...args);
  expect(refused.exit).toBe(exit);
  expect(refused.error.message).toMatch(message);
  expect(await items()).toEqual(before);
});

test("removing a schedule says which task of it goes on, and how to call that off", async () => {
  const pier = ["--room", "pier"];
  const linus = [...pier, "--role", "linus"];
  await muster.call(["room", "create", "pier", "--team", "linus"]);
  const when = ["--at", "2099-01-01T00:00Z", "--prompt", "Well?"];
  for (const name of ["begun", "idle"]) await schedule("add", name, ...linus, ...when);
  await schedule("on", ...pier);
  await muster.run(["wait-for-task", ...linus, "--timeout", "0"]);
  await schedule("run", "begun", ...pier);
  const held = await muster.run(["wait-for-task", ...linus, "--timeout", "10"]);
  const { id } = held.data["task"] as { readonly id: string };

  const removed = await schedule("remove", "begun", ...pier);
  expect(removed).toMatchObject({ exit: 0, data: { taken: id } });
  expect(removed.summary).toMatch(`Task ${id} goes on.`);
  expect(removed.next).toEqual([`muster task cancel ${id} --room pier`]);
  expect((await schedule("remove", "idle", ...pier)).summary).not.toContain("goes on");
});

test("an unknown role, schedule or room is not found, and a name is taken once", async () => {
  const every = ["--every", "1h"];
  const role = await schedule("add", ...ROOM, "--role", "gardener", ...every);
  expect(role).toMatchObject({ exit: 3, error: { kind: "not_found" } });
  for (const verb of ["show", "run", "pause", "resume", "remove"]) {
    const unknown = await schedule(verb, "weekly", ...ROOM);
    expect(unknown).toMatchObject({ exit: 3, error: { kind: "not_found" } });
    expect(unknown.error.message).toContain('schedule "weekly"');
  }
  expect((await schedule("list", "--room", "nowhere")).exit).toBe(3);
  expect((await schedule("add", "twice", ...ADA, ...every)).exit).toBe(0);
  expect((await schedule("add", "twice", ...ADA, ...every)).exit).toBe(6);
});

test("a room's day is configured, piece by piece and within bounds", async () => {
  const limits = ["--runs-per-day", "12", "--cost-per-day", "2.50", "--idle-days", "0"];
  expect((await schedule("configure", ...ROOM, ...limits)).exit).toBe(0);
  const { data } = await schedule("configure", ...ROOM, "--show-ok", "no");
  expect(data).toMatchObject({
    runsPerDay: 12,
    costPerDay: 2.5,
    idleDays: 0,
    visibility: { showOk: false, showAlerts: true, indicator: true },
  });
  expect((await schedule("configure", ...ROOM)).error.message).toBe("There is nothing to change.");
  const far = await schedule("configure", ...ROOM, "--runs-per-day", "5000");
  expect(far).toMatchObject({ exit: 2, error: { kind: "invalid" } });
});

test("an agent's shell changes no schedule", async () => {
  for (const args of [
    ["add", "more", "--every", "1h"],
    ["on"],
    ["off"],
    ["configure", "--runs-per-day", "1000"],
    ["run", "nightly"],
    ["pause", "nightly"],
    ["resume", "nightly"],
    ["remove", "nightly"],
  ]) {
    const refused = await muster.call(["schedule", ...args], {
      env: { MUSTER_ROOM: "harbor", MUSTER_ROLE: "ada" },
    });
    expect(refused).toMatchObject({ exit: 5, error: { kind: "not_allowed" } });
    expect(refused.error.message).toBe("This shell is ada's: it cannot change schedules.");
  }
});
