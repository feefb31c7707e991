import * as fc from "fast-check";
import { expect, test } from "vitest";
import { intervalOf, nextOnGrid } from "./interval.ts";

test("the next run lies on the cron's grid, after now, and no run before it is skipped", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 50_000 }),
      (scheduled, interval, late) => {
        const now = scheduled + late;
        const next = nextOnGrid(scheduled, interval, now);
        expect((next - scheduled) % interval).toBe(0);
        expect(next).toBeGreaterThan(now);
        expect(next - interval).toBeLessThanOrEqual(now);
      },
    ),
  );
});

test("an interval is given in seconds, minutes or hours", () => {
  expect(intervalFor({ type: "interval", seconds: 30 })).toBe(30_000);
  expect(intervalFor({ type: "interval", minutes: 2 })).toBe(120_000);
  expect(intervalFor({ type: "interval", hours: 1 })).toBe(3_600_000);
  expect(intervalFor({ type: "daily", hourUTC: 3, minuteUTC: 0 })).toBeNull();
});

function intervalFor(schedule: { type: string; [unit: string]: string | number }): number | null {
  return intervalOf({ name: "sweep", path: "rooms:sweep", args: {}, schedule });
}
