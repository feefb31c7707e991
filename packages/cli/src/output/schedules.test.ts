import { expect, test } from "vitest";
import {
  detailLines,
  scheduleLines,
  schedulesLine,
  settingsLines,
  skipWords,
  tickLines,
} from "./schedules.ts";
import type { ScheduleView, SettingsView, TickView } from "./schedules.ts";

const now = new Date(2026, 10, 21, 12).getTime();
const MINUTE = 60_000;

const nightly = {
  name: "nightly",
  role: "ada",
  kind: "heartbeat",
  cadence: { type: "interval", everyMs: 30 * MINUTE },
  target: "none",
  state: "active",
  stopped: null,
  nextDueAt: now + 12 * MINUTE,
  expectedBy: now + 42 * MINUTE,
  lastTick: { status: "skipped", reason: "nothing-due", outcome: null, at: now - 18 * MINUTE },
} as unknown as ScheduleView;

const tick = {
  at: now - 18 * MINUTE,
  manual: false,
  missed: 0,
  status: "ended",
  reason: null,
  detail: null,
  due: ["1 open in HEARTBEAT.md"],
  outcome: "alert",
  text: "The build is red.",
  withheld: null,
} as unknown as TickView;

test("a schedule says when it is due, what came of it last and why", () => {
  expect(scheduleLines(nightly, now)).toEqual([
    { text: "nightly  ada  ACTIVE", colour: "green" },
    "  heartbeat every 30 min",
    "  next in 12 min",
    "  last 18 min ago, skipped: looked, nothing due",
  ]);
});

test("a room's schedules in one line: the next tick, and what came of the last one", () => {
  const settings = { on: true, enabled: true } as SettingsView;
  const watch = {
    ...nightly,
    name: "watch",
    nextDueAt: now + 30 * MINUTE,
    lastTick: { status: "ended", reason: null, outcome: "alert", at: now - 2 * MINUTE },
  } as ScheduleView;
  const line = (items: ScheduleView[], how = settings) =>
    schedulesLine({ settings: how, items }, now);

  expect(line([watch, nightly])).toEqual([
    "  2 schedules: nightly next in 12 min; watch 2 min ago, had news",
  ]);
  expect(line([nightly])).toEqual([
    "  1 schedule: nightly next in 12 min; last 18 min ago, skipped: looked, nothing due",
  ]);
  expect(line([{ ...nightly, lastTick: null }])).toEqual(["  1 schedule: nightly next in 12 min"]);
  expect(line([{ ...nightly, state: "paused", lastTick: null }])).toEqual([
    "  1 schedule, none of which ticks",
  ]);
  expect(line([{ ...nightly, lastTick: null }], { ...settings, on: false })).toEqual([
    { text: "  1 schedule, switched off in this room", colour: "amber" },
  ]);
  expect(line([])).toEqual([]);
});

test("one that is later than a whole period says so", () => {
  const late = { ...nightly, nextDueAt: now - 40 * MINUTE, expectedBy: now - 10 * MINUTE };
  expect(scheduleLines(late, now)).toContainEqual({
    text: "  late: it was due 40 min ago",
    colour: "amber",
  });
});

test("one that a brake stopped says why, and that it is due no more", () => {
  const stopped = {
    ...nightly,
    state: "stopped" as const,
    stopped: { reason: "sign-in-failed" as const, at: now - 5 * MINUTE },
    target: "dashboard/linus",
  };
  expect(scheduleLines(stopped, now)).toEqual([
    { text: "nightly  ada  STOPPED", colour: "red" },
    "  heartbeat every 30 min, tells dashboard/linus",
    "  stopped 5 min ago: its agent failed to sign in to its model three times in a row",
    "  last 18 min ago, skipped: looked, nothing due",
  ]);
});

test("its counters are told with the reason of each skip, and failures in a row", () => {
  const skips = { "nothing-due": 9, "quiet-hours": 1 };
  const counts = { ticks: 12, wakes: 2, oks: 0, alerts: 0, duplicates: 0, failures: 2, sent: 0 };
  const rest = { retries: 1, dead: 0, cost: 0.25, skips };
  const failing = { prompt: null, quietHours: null, okToken: "HEARTBEAT_OK", failures: 2 };
  const schedule = { ...nightly, ...failing, counts: { ...counts, ...rest } };
  expect(detailLines(schedule)).toEqual([
    "  OK token HEARTBEAT_OK",
    "  12 ticks; 2 wakes; 2 failures; 10 skips (9 nothing-due, 1 quiet-hours); 1 retry; cost 0.25; 2 failures in a row",
  ]);
});

test("each tick has its reason, what was due and what was said; an answer's text passes for no other line", () => {
  const forged = "All is well.\nnightly  ada  ACTIVE";
  const long = ["Open in HEARTBEAT.md:", "- one", "- two", "- three", "- four", "- five", "- six"];
  const ticks: TickView[] = [
    tick,
    { ...tick, outcome: "duplicate", text: forged, withheld: "duplicate", manual: true },
    { ...tick, text: long.join("\n") },
    { ...tick, status: "skipped", reason: "failed", detail: "it broke", due: [], text: null },
  ];
  expect(tickLines(ticks, now)).toEqual([
    "2026-11-21 11:42  18 min ago  had news (1 open in HEARTBEAT.md)",
    "    The build is red.",
    "2026-11-21 11:42  18 min ago  had no other news than before (by hand, 1 open in HEARTBEAT.md)",
    "    All is well.\n    nightly  ada  ACTIVE",
    "    not sent: the same was said within a day",
    "2026-11-21 11:42  18 min ago  had news (1 open in HEARTBEAT.md)",
    [...long.slice(0, 5), "… 2 more"].map((line) => `    ${line}`).join("\n"),
    { text: "2026-11-21 11:42  18 min ago  skipped: the tick broke", colour: "grey" },
    "    it broke",
  ]);
  expect(tickLines([], now)).toEqual(["It has not ticked yet."]);
});

test("a run by hand that wakes nobody says why", () => {
  expect(skipWords({ status: "skipped", reason: "empty-file" })).toBe(
    "skipped: HEARTBEAT.md asks for nothing and no work is due",
  );
  expect(skipWords({ status: "woken", reason: null })).toBeNull();
});

test("a room's settings begin with its switch, and the server's counts more", () => {
  const settings = {
    on: true,
    enabled: true,
    visibility: { showOk: false, showAlerts: true, indicator: true },
    runsPerDay: 96,
    costPerDay: 5,
    idleDays: 0,
  };
  expect(settingsLines(settings)).toEqual([
    { text: "Schedules are on.", colour: "green" },
    "  at most 96 runs and 5 of cost a day; never stop for silence",
    "  shown: alerts, the indicator",
  ]);
  expect(settingsLines({ ...settings, enabled: false })[0]).toEqual({
    text: "Schedules are switched off on this server.",
    colour: "amber",
  });
});
