import { expect, test } from "vitest";
import type { SeatView } from "./roster.ts";
import { seatLines } from "./seat.ts";

const now = 1_000_000;
const linus = {
  role: "builder",
  agentStatus: "working",
  since: now - 90_000,
  reason: "",
  starting: false,
  type: "remote",
  desired: "running",
  harness: "opencode",
  model: "small",
  machineName: "mini",
  workingDir: "/srv/harbor",
  scripted: false,
  activity: { text: "Run npm test", since: now - 12_000 },
  needsYou: true,
  stalled: false,
  pid: 4711,
  startedAt: now - 360_000,
  lastExit: null,
  currentTaskId: "t1",
  cancelling: false,
} as unknown as SeatView;

test("one who works says what it does and for how long, and that a person is needed", () => {
  expect(seatLines(linus, now)).toEqual([
    { text: "builder  WORKING  1 min  needs you", colour: "blue" },
    "  doing      Run npm test (12 s)",
    "  task       t1",
    "  run by     mini, opencode (small) in /srv/harbor",
    "  process    4711, since 6 min",
  ]);
});

test("one who is down says why, how its process ended, and its last words as they were", () => {
  const dead: SeatView = {
    ...linus,
    agentStatus: "dead",
    reason: "its process ended with code 70",
    activity: null,
    needsYou: false,
    currentTaskId: null,
    pid: null,
    lastExit: { code: 70, signal: null, at: now - 12_000, tail: "no key\nbuilder  READY\n" },
  };
  expect(seatLines(dead, now)).toEqual([
    { text: "builder  DEAD  1 min", colour: "red" },
    "  reason     its process ended with code 70",
    "  run by     mini, opencode (small) in /srv/harbor",
    "  last exit  code 70, 12 s ago",
    { text: "    | no key\n    | builder  READY", colour: "grey" },
  ]);
});

test("a role that a person fills names them and nothing of a machine", () => {
  const custom = { ...linus, type: "custom", activity: null, needsYou: false } as SeatView;
  expect(seatLines(custom, now)).toContain("  run by     you");
});
