import * as fc from "fast-check";
import { expect, test } from "vitest";
import { beatRetryDelay, firstBeatDelay, nextBeatDelay, wasSuspended } from "./heartbeat.ts";
import { timingProfile } from "./timing.ts";

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

test("a failed beat is tried again after 1, 2 and 4 seconds, then with the next beat", () => {
  const retries = [1, 2, 3, 4].map((n) => beatRetryDelay(n, timingProfile("standard")));
  expect(retries).toEqual([1_000, 2_000, 4_000, null]);
});

test("a client notices that its machine slept when more than two beats fit between two ticks", () => {
  expect(wasSuspended(20_000, 10_000)).toBe(false);
  expect(wasSuspended(20_001, 10_000)).toBe(true);
});
