import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timetableOf } from "./timetable.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const shown = (time: number) => new Date(time).toISOString().replace(/:00\.000Z$/, "");
/** A Friday. */
const NOON = at("2026-11-20T12:00");

function runs(
  schedule: { type: string; [field: string]: string | number },
  count: number,
): string[] {
  const timetable = timetableOf(schedule);
  const times = [timetable.first(NOON, 0)];
  while (times.length < count) times.push(timetable.next(times.at(-1) ?? 0, times.at(-1) ?? 0));
  return times.map(shown);
}

describe("an interval", () => {
  test("runs at once, then on its own grid, and skips what it missed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 50_000 }),
        (scheduled, seconds, late) => {
          const timetable = timetableOf({ type: "interval", seconds });
          expect(timetable.first(scheduled, 0.5)).toBe(scheduled);
          const now = scheduled + late;
          const next = timetable.next(scheduled, now);
          expect((next - scheduled) % (seconds * 1000)).toBe(0);
          expect(next).toBeGreaterThan(now);
          expect(next - seconds * 1000).toBeLessThanOrEqual(now);
        },
      ),
    );
  });

  test.each([
    [{ seconds: 30 }, 30_000],
    [{ minutes: 2 }, 120_000],
    [{ hours: 1 }, 3_600_000],
  ])("of %j is %d ms", (length, ms) => {
    expect(timetableOf({ type: "interval", ...length }).next(0, 0)).toBe(ms);
  });
});

test.each([
  [{ type: "hourly", minuteUTC: 30 }, ["2026-11-20T12:30", "2026-11-20T13:30"]],
  [{ type: "daily", hourUTC: 12, minuteUTC: 0 }, ["2026-11-21T12:00", "2026-11-22T12:00"]],
  [
    { type: "weekly", dayOfWeek: "monday", hourUTC: 9, minuteUTC: 15 },
    ["2026-11-23T09:15", "2026-11-30T09:15"],
  ],
  [
    { type: "monthly", day: 31, hourUTC: 0, minuteUTC: 5 },
    ["2026-12-31T00:05", "2027-01-31T00:05", "2027-03-31T00:05"],
  ],
  [
    { type: "cron", cron: "*/20 13 * * *" },
    ["2026-11-20T13:00", "2026-11-20T13:20", "2026-11-20T13:40", "2026-11-21T13:00"],
  ],
  [{ type: "cron", cron: "0 8 * * MON-fri" }, ["2026-11-23T08:00", "2026-11-24T08:00"]],
  [{ type: "cron", cron: "0 0 29 2 *" }, ["2028-02-29T00:00", "2032-02-29T00:00"]],
  [
    { type: "cron", cron: "0 0 1 * 7" },
    ["2026-11-22T00:00", "2026-11-29T00:00", "2026-12-01T00:00"],
  ],
  [
    { type: "cron", cron: "5,10-12/2 0 1 jan ?" },
    ["2027-01-01T00:05", "2027-01-01T00:10", "2027-01-01T00:12"],
  ],
  [
    { type: "cron", cron: "50/5 23 * * 6/1" },
    ["2026-11-21T23:50", "2026-11-21T23:55", "2026-11-28T23:50"],
  ],
])("%j comes at %j", (schedule, expected) => {
  expect(runs(schedule, expected.length)).toEqual(expected);
});

test.each([
  "* * * *",
  "60 * * * *",
  "* 24 * * *",
  "* * 0 * *",
  "* * * 13 *",
  "* * * * 8",
  "5-1 * * * *",
  "*/0 * * * *",
  "1-2-3 * * * *",
  "a * * * *",
  "0 0 30 2 *",
  "0 0 L-3 * *",
  "@daily",
  "0 0 0 1 1 *",
  "",
])("the cron expression `%s` is refused", (cron) => {
  expect(() => timetableOf({ type: "cron", cron })).toThrow(Error);
});

test.each([
  ["0 0 L * *", "2026-11-30T00:00"],
  ["0 0 15W * *", "2026-12-15T00:00"],
  ["0 0 LW * *", "2026-11-30T00:00"],
  ["0 0 * * 5L", "2026-11-27T00:00"],
  ["0 0 * * fri#2", "2026-12-11T00:00"],
])("the day that %s names within its month is found", (cron, expected) => {
  expect(runs({ type: "cron", cron }, 1)).toEqual([expected]);
});

test("a cron with a minute is up to a minute late, one without up to an hour, and always by the same", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.boolean(),
      (share, hasMinute) => {
        const minute = hasMinute ? { minuteUTC: 10 } : {};
        const timetable = timetableOf({ type: "daily", hourUTC: 6, ...minute });
        const due = at(`2026-11-21T06:${hasMinute ? 10 : "00"}`);
        const first = timetable.first(NOON, share);
        expect(first - due).toBeGreaterThanOrEqual(0);
        expect(first - due).toBeLessThan(hasMinute ? 60_000 : 3_600_000);
        expect(timetable.next(first, first + 5_000)).toBe(first + 86_400_000);
        expect(timetable.next(first, first + 3 * 86_400_000)).toBe(first + 4 * 86_400_000);
      },
    ),
  );
});
