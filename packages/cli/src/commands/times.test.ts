import { expect, test } from "vitest";
import { duration, hours, moment } from "./times.ts";

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
  [" 5m ", 300_000],
])("%s is a duration", (value, ms) => {
  expect(duration(value)).toBe(ms);
});

test.each(["", "30", "m", "-5m", "1.5h", "30 m", "1w", "1h30m", "9999999s", "٣m"])(
  "%j is no duration",
  (value) => {
    expect(() => duration(value)).toThrow("It must be a duration like 90s, 30m, 2h or 1d.");
  },
);

test.each([
  ["2026-12-24T18:00", new Date(2026, 11, 24, 18).getTime()],
  ["2026-12-24 18:00:30", new Date(2026, 11, 24, 18, 0, 30).getTime()],
  ["2026-12-24T18:00Z", Date.UTC(2026, 11, 24, 18)],
  ["2026-12-24T18:00+01:00", Date.UTC(2026, 11, 24, 17)],
])("%s is a moment, on this computer's clock unless it says otherwise", (value, at) => {
  expect(moment(value)).toBe(at);
});

test.each([
  ["2026-12-24", "It must be a date with a time"],
  ["tomorrow", "It must be a date with a time"],
  ["2026-12-24T24:00", "It must be a date with a time"],
  ["2026-12-24T18:00+99:00", "It must be a date with a time"],
  ["2026-02-30T18:00", "There is no 2026-02-30."],
])("%s is no moment", (value, problem) => {
  expect(() => moment(value)).toThrow(problem);
});

test("quiet hours are two times of the day", () => {
  expect(hours("22:00-07:00")).toEqual({ from: "22:00", to: "07:00" });
  expect(() => hours("22-7")).toThrow("It must be two times of the day, like 22:00-07:00.");
});
