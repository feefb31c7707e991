import { expect, test } from "vitest";
import { eventLines, turnLine, turnLines, type TurnEventView, type TurnView } from "./turns.ts";

const now = 1_000_000;
const ended = {
  attempt: 2,
  harness: "opencode",
  status: "ended",
  stopReason: "end_turn",
  error: null,
  startedAt: now - 72_000,
  endedAt: now - 60_000,
  usage: { inputTokens: 12_034, outputTokens: 802, cost: { amount: 0.03124, currency: "USD" } },
} as unknown as TurnView;

test.each<[Partial<TurnView>, string]>([
  [{}, "attempt 2, opencode, end_turn after 12 s, 12,034 tokens in, 802 out, 0.0312 USD"],
  [
    { status: "running", stopReason: null, endedAt: null, usage: {} },
    "attempt 2, opencode, running for 1 min",
  ],
  [
    { stopReason: "failed", usage: {}, error: "no key\nat line 1" },
    "attempt 2, opencode, failed after 12 s, no key",
  ],
])("a turn says how it went and what it cost, as far as that is known: %j", (differs, text) => {
  expect(turnLine({ ...ended, ...differs }, now)).toEqual({ text, colour: "bold" });
});

let seq = 0;
const event = (kind: string, body: unknown) =>
  ({ seq: (seq += 1), at: now, kind, body }) as unknown as TurnEventView;
const tool = (id: string, status: string, output?: string) =>
  event("tool", { id, title: `Run ${id}`, status, ...(output === undefined ? {} : { output }) });
const plan = (status: string) => event("plan", { entries: [{ text: "Mend the net", status }] });

test("a tool that was told of three times is shown once, at its place, as it ended", () => {
  const lines = turnLines(
    [
      tool("a", "pending"),
      event("text", "On it.\n"),
      tool("a", "running"),
      tool("a", "failed", "exit 1\n"),
    ],
    0,
  );
  expect(lines).toEqual([
    { text: "  ✗ Run a", colour: "red" },
    { text: "    | exit 1", colour: "grey" },
    "  On it.",
  ]);
});

test("of a plan that changed only the last state is shown, and what is no longer kept is counted", () => {
  expect(turnLines([plan("pending"), plan("in_progress"), plan("completed")], 12)).toEqual([
    { text: "  … 12 earlier events are not kept", colour: "grey" },
    "  [x] Mend the net",
  ]);
});

test("of a long output only the end is shown", () => {
  const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n");
  const [, shown] = eventLines(tool("a", "done", output));
  expect(shown).toMatchObject({ text: expect.stringMatching(/^ {4}\| line 92\n[\s\S]*line 99$/) });
});

test("a text of the harness stays in its margin, whatever lines it holds", () => {
  expect(eventLines(event("text", "a\rturn 9\n✓ b"))).toEqual(["  a\n  turn 9\n  ✓ b"]);
});
