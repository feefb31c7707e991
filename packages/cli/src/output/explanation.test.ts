import { HOLDUP_KINDS } from "@muster/core";
import { expect, test } from "vitest";
import { resultText } from "./envelope.ts";
import { explanationLines, reporterOf } from "./explanation.ts";
import type { Explanation, SeatEvents } from "./explanation.ts";
import type { SeatView } from "./roster.ts";

const now = 1_000_000;
const linus = {
  role: "builder",
  agentStatus: "ready",
  starting: false,
  type: "remote",
  harness: "opencode",
  machineName: "mini",
  scripted: false,
  activity: null,
  currentTaskId: null,
} as unknown as SeatView;
const custom = { ...linus, type: "custom", harness: "shell", machineName: null } as SeatView;

function shown(explanation: Explanation, seat: SeatView | undefined): string {
  const by = seat === custom ? "its own process" : "the daemon of mini";
  const reporter = seat === undefined ? null : by;
  const lines = explanationLines({ ...explanation, reporter }, seat, now);
  const result = { data: {}, summary: "", lines };
  return resultText(result, { json: false, colours: false });
}

const fine = { role: "builder", ok: true, holdup: null, waiting: 0 };
const held = (kind: (typeof HOLDUP_KINDS)[number], since: number | null = now - 360_000) => ({
  role: "builder",
  ok: false,
  holdup: {
    kind,
    sentence: `What ${kind} says.`,
    since,
    command: `muster mend ${kind}`,
    help: null,
  },
  waiting: 3,
});

test("each walk ends at the first thing that holds the work up, with its age and what helps", async () => {
  const walks = [
    shown(fine, linus),
    shown({ ...fine, waiting: 1 }, custom),
    ...HOLDUP_KINDS.map((kind) => shown(held(kind), linus)),
    shown(held("no_agent", null), undefined),
  ];
  await expect(walks.join("\n")).toMatchFileSnapshot("explanation.golden.txt");
});

test("words of others in a hold-up stay on its line and steer no terminal", () => {
  const walk = held("process_ended");
  walk.holdup.sentence = "It said: \u001B[2Jgone\nbuilder  nothing holds it up";
  expect(shown(walk, linus).split("\n")).toHaveLength(8);
  expect(shown(walk, linus)).not.toContain("\u001B");
});

test("a status is told by who reported the last change that was accepted, and by nobody when another one was shown", () => {
  const crash = { at: 2, event: "process_exited", from: "working", to: "dead", accepted: true };
  const refused = { ...crash, event: "join", from: "dead", accepted: false, reporter: "a forger" };
  const again = { ...crash, event: "join", from: "dead", to: "dead", reporter: "its own process" };
  const told = { ...crash, reporter: "the daemon of mini" };
  const events = [refused, again, told] as unknown as SeatEvents;
  expect(reporterOf({ ...linus, agentStatus: "dead" }, events)).toBe("the daemon of mini");
  expect(reporterOf(linus, events)).toBeNull();
  expect(reporterOf(linus, [])).toBeNull();
});
