import * as fc from "fast-check";
import { expect, test } from "vitest";
import { backoffDelay, restartBackoff } from "./backoff.ts";
import { timingProfile } from "./timing.ts";

const bounds = restartBackoff(timingProfile("standard"));
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("the wait doubles from 1 s to 60 s", () => {
  const longest = [1, 2, 3, 6, 7, 20].map((failures) => backoffDelay(failures, 1, bounds));
  expect(longest).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
});

test("half of every wait is fixed, and none is under half a second or over a minute", () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), random, (failures, point) => {
      const wait = backoffDelay(failures, point, bounds);
      expect(wait).toBeGreaterThanOrEqual(500);
      expect(wait).toBeLessThanOrEqual(60_000);
      expect(wait).toBeGreaterThanOrEqual(backoffDelay(failures, 0, bounds));
    }),
  );
});
