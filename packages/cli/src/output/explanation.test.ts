import { HOLDUP_KINDS } from "@muster/core";
import { expect, test } from "vitest";
import { resultText } from "./envelope.ts";
import { explanationLines } from "./explanation.ts";
import type { Explanation } from "./explanation.ts";
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
  const result = { data: {}, summary: "", lines: explanationLines(explanation, seat, now) };
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
