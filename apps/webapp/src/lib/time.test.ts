import { expect, test } from "vitest";
import { ageOf, durationOf } from "#lib/time.ts";

test.each([
  [-5_000, "0s"],
  [59_999, "59s"],
  [60_000, "1m"],
  [3_599_999, "59m"],
  [3_600_000, "1h"],
  [47 * 3_600_000, "47h"],
  [48 * 3_600_000, "2d"],
])("%i milliseconds are shown as %s", (ms, age) => {
  expect(ageOf(ms)).toBe(age);
});

test.each([
  [-1, "0s"],
  [59_999, "59s"],
  [187_000, "3:07"],
  [3_750_000, "1:02:30"],
])("what lasts %i milliseconds is counted to the second as %s", (ms, duration) => {
  expect(durationOf(ms)).toBe(duration);
});
