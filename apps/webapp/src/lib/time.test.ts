import { expect, test } from "vitest";
import { ageOf, durationOf, spanOf } from "#lib/time.ts";

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

test.each([
  [-1, "0 s"],
  [45_000, "45 s"],
  [720_000, "12 min"],
  [18_000_000, "5 h"],
  [172_800_000, "2 days"],
])("a span of %i milliseconds is %s in a sentence", (ms, span) => {
  expect(spanOf(ms)).toBe(span);
});
