import { expect, test } from "vitest";
import { cadenceWords } from "./cadence-words.ts";

const MINUTE = 60_000;
const moment = (at: number) => new Date(at).toISOString();

test.each([
  [MINUTE, "every minute"],
  [30 * MINUTE, "every 30 min"],
  [60 * MINUTE, "every hour"],
  [90 * MINUTE, "every 90 min"],
  [120 * MINUTE, "every 2 h"],
  [1_440 * MINUTE, "every day"],
  [2_880 * MINUTE, "every 2 days"],
  [90_500, "every 91 s"],
])("an interval of %i ms is %s", (everyMs, words) => {
  expect(cadenceWords({ type: "interval", everyMs }, moment)).toBe(words);
});

test.each([
  ["0 9 * * 1-5", "at 09:00 on weekdays"],
  ["30 17 * * MON-FRI", "at 17:30 on weekdays"],
  ["0 9,17 * * *", "at 09:00 and 17:00 every day"],
  ["0 10 * * 0,6", "at 10:00 on weekends"],
  ["0 9 * * 1,3,fri", "at 09:00 on Mondays, Wednesdays and Fridays"],
  ["0 9 * * 7", "at 09:00 on Sundays"],
  ["0 0 1 * *", "at 00:00 on day 1 of the month"],
  ["15 * * * *", "every hour at :15"],
  ["*/10 * * * *", "every 10 min by the clock"],
  ["0 */4 * * *", "every 4 h at :00"],
  ["*/15 * * * 1-5", "every 15 min by the clock on weekdays"],
  ["* * * * *", "every minute"],
])("the expression %s is %s", (expression, words) => {
  expect(cadenceWords({ type: "cron", expression, zone: "Europe/Berlin" }, moment)).toBe(
    `${words}, Europe/Berlin`,
  );
});

test.each(["0 9 L * *", "0 9-17 * * *", "0 9 * 1 *", "0 9 1 * 1", "61 9 * * *", "0 9 * * MOM"])(
  "the expression %s has no short words, so it stands as it is",
  (expression) => {
    expect(cadenceWords({ type: "cron", expression, zone: "UTC" }, moment)).toBe(
      `cron ${expression}, UTC`,
    );
  },
);

test("a date is said in the words of whoever shows it", () => {
  expect(cadenceWords({ type: "once", at: 0 }, moment)).toBe("once, 1970-01-01T00:00:00.000Z");
});
