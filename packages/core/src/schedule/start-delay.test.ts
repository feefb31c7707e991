import * as fc from "fast-check";
import { expect, test } from "vitest";
import { computeStartDelay } from "./start-delay.ts";

const HALF_HOUR = 1_800_000;
const NOW = 1_700_000_000_000;

test("a schedule that never ticked ticks now", () => {
  expect(computeStartDelay(null, HALF_HOUR, NOW)).toBe(0);
});

test("one that is overdue or exactly due ticks now", () => {
  expect(computeStartDelay(NOW - HALF_HOUR - 1, HALF_HOUR, NOW)).toBe(0);
  expect(computeStartDelay(NOW - HALF_HOUR, HALF_HOUR, NOW)).toBe(0);
});

test("one that is not due waits for the remainder", () => {
  expect(computeStartDelay(NOW - 10_000, HALF_HOUR, NOW)).toBe(HALF_HOUR - 10_000);
});

test("a clock that was set back delays a tick by one interval at most", () => {
  expect(computeStartDelay(NOW + 86_400_000, HALF_HOUR, NOW)).toBe(HALF_HOUR);
});

test("whenever it is asked, it names the same moment until that has passed", () => {
  const interval = fc.integer({ min: 60_000, max: 30 * 86_400_000 });
  fc.assert(
    fc.property(interval, fc.nat(), fc.nat(), (every, since, later) => {
      const due = NOW + every;
      const asked = NOW + since + later;
      const delay = computeStartDelay(NOW, every, asked);
      expect(asked + delay).toBe(Math.max(due, asked));
    }),
  );
});
