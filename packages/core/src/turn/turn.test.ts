import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_TURN_EVENTS, eventProblem, lastDropped, unrecorded, usageProblem } from "./turn.ts";

test("a batch that comes again adds nothing, and one that overlaps adds its rest", () => {
  expect(unrecorded(0, 1, ["a", "b"])).toEqual(["a", "b"]);
  expect(unrecorded(2, 1, ["a", "b"])).toEqual([]);
  expect(unrecorded(2, 2, ["b", "c"])).toEqual(["c"]);
});

test("a batch after a gap, or before the first event, is not taken", () => {
  expect(unrecorded(2, 4, ["d"])).toBeNull();
  expect(unrecorded(2, 0, ["a"])).toBeNull();
});

test("however often batches are sent again, each event is recorded once and in order", () => {
  const all = Array.from({ length: 40 }, (_, index) => index + 1);
  const batch = fc.record({ from: fc.integer({ min: 1, max: 41 }), size: fc.nat(10) });
  fc.assert(
    fc.property(fc.array(batch), (batches) => {
      const stored: number[] = [];
      for (const { from, size } of batches)
        stored.push(
          ...(unrecorded(stored.length, from, all.slice(from - 1, from - 1 + size)) ?? []),
        );
      expect(stored).toEqual(all.slice(0, stored.length));
    }),
  );
});

test("a turn keeps its last events", () => {
  expect(lastDropped(MAX_TURN_EVENTS)).toBe(0);
  expect(lastDropped(MAX_TURN_EVENTS + 3)).toBe(3);
});

test("an event is measured with its structure, a text without its quotes", () => {
  expect(eventProblem("x".repeat(4096))).toBeNull();
  expect(eventProblem("é".repeat(4096))).toBe(
    "The event has 8192 bytes, but at most 4096 are allowed.",
  );
  expect(eventProblem({ id: "1", output: "x".repeat(4096) })).toMatch(/at most 4096/);
});

test.each([{}, { inputTokens: 12, cost: { amount: 0.25, currency: "USD" } }])(
  "%j is a usage",
  (usage) => {
    expect(usageProblem(usage)).toBeNull();
  },
);

test.each([
  [{ outputTokens: -1 }, /positive/],
  [{ inputTokens: Number.NaN }, /positive/],
  [{ cost: { amount: 1, currency: "<b>" } }, /three capital letters/],
])("%j as a usage could not be shown or added up", (usage, problem) => {
  expect(usageProblem(usage)).toMatch(problem);
});
