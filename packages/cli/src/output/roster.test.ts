import { expect, test } from "vitest";
import { oldestLine, rosterLines, type SeatView } from "./roster.ts";

const now = 1_000_000;
const linus = {
  role: "builder",
  agentStatus: "ready",
  since: now - 360_000,
  reason: "",
  starting: false,
  type: "remote",
  machineName: "mini",
  scripted: false,
  activity: null,
  needsYou: false,
  stalled: false,
  lastExit: null,
} as unknown as SeatView;

test.each<[string, Partial<SeatView>, string]>([
  ["who runs it and for how long it is so", {}, "  builder  READY       6 min  run by mini"],
  [
    "what it does",
    { agentStatus: "working", activity: { text: "Half of it", since: now - 12_000 } },
    "  builder  WORKING     6 min  run by mini  Half of it (12 s)",
  ],
  [
    "that a person is needed",
    { needsYou: true },
    "  builder  READY       6 min  needs you  run by mini",
  ],
  [
    "a start that is no restart",
    { agentStatus: "restarting", starting: true },
    "  builder  STARTING    6 min  run by mini",
  ],
  [
    "why it died, in its own words",
    {
      agentStatus: "dead_failed_revive",
      reason: "gave up after 3 starts",
      lastExit: { code: 70, signal: null, at: now, tail: "start\nno key\n" },
    },
    "  builder  DEAD (UNRECOVERABLE)  6 min  run by mini  gave up after 3 starts  (no key)",
  ],
])("a line of the roster tells %s", (_what, differs, line) => {
  expect(rosterLines([{ ...linus, ...differs }], now)).toMatchObject([{ text: line }]);
});

test("a role that nobody fills says so", () => {
  const empty = { ...linus, agentStatus: "offline", type: null, since: null } as SeatView;
  expect(rosterLines([empty], now)).toMatchObject([
    { text: "  builder  OFFLINE     no agent yet" },
  ]);
});

const waiting = (since: number) =>
  ({ taskId: "t1", role: "linus", since }) as unknown as Parameters<typeof oldestLine>[0];

test("a task that nobody has taken for long is told with its age, one that was just sent is not", () => {
  expect(oldestLine(waiting(now - 300_000), now)).toEqual([
    { text: "  a task of linus has not been taken for 5 min", colour: "amber" },
  ]);
  expect(oldestLine(waiting(now - 9_000), now)).toEqual([]);
  expect(oldestLine(null, now)).toEqual([]);
});
