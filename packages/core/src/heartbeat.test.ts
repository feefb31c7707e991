import * as fc from "fast-check";
import { expect, test } from "vitest";
import { firstBeatDelay, nextBeatDelay } from "./heartbeat.ts";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("beats come after 80 to 95 % of the interval, the first anywhere in it", () => {
  fc.assert(
    fc.property(random, (point) => {
      expect(nextBeatDelay(10_000, point)).toBeGreaterThanOrEqual(8_000);
      expect(nextBeatDelay(10_000, point)).toBeLessThanOrEqual(9_500);
      expect(firstBeatDelay(10_000, point)).toBeGreaterThanOrEqual(0);
      expect(firstBeatDelay(10_000, point)).toBeLessThan(10_000);
    }),
  );
});
