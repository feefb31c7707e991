import { expect, test } from "vitest";
import { ManualClock } from "../../../test/manual-clock.ts";
import { Gain } from "./gain.ts";

test("sharing that makes batches slower is left alone for some seconds, then tried again", async () => {
  const clock = new ManualClock();
  const gain = new Gain(clock);
  gain.add(10, 6);
  expect(gain.isLikely).toBe(true);
  for (let batch = 0; batch < 10; batch += 1) gain.add(10, 15);
  expect(gain.isLikely).toBe(false);
  await clock.advance(5_000);
  expect(gain.isLikely).toBe(true);
});

test("one slow batch among quick ones is no reason to leave it", () => {
  const gain = new Gain(new ManualClock());
  for (let batch = 0; batch < 10; batch += 1) gain.add(10, 6);
  gain.add(10, 15);
  expect(gain.isLikely).toBe(true);
});
