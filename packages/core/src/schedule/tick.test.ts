import { expect, test } from "vitest";
import { SKIP_LABELS, SKIP_REASONS } from "./skips.ts";
import { TICK_OUTCOMES, tickWords } from "./tick.ts";

test.each(SKIP_REASONS)("a tick that was skipped as %s says why in words of its own", (reason) => {
  expect(tickWords({ status: "skipped", reason })).toBe(SKIP_LABELS[reason]);
});

test("every outcome has words of its own, and one that is not known yet is no error", () => {
  const words = TICK_OUTCOMES.map((outcome) =>
    tickWords({ status: "ended", reason: null, outcome }),
  );
  expect(new Set(words).size).toBe(TICK_OUTCOMES.length);
  expect(tickWords({ status: "ended", reason: null })).toBe("ended");
  expect(tickWords({ status: "due", reason: null })).toBe("is being decided");
});
