import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MOST_MISSED, cadenceProblem, firstDue, nextDue, periodAfter } from "./cadence.ts";
import type { Cadence } from "./cadence.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string) => Date.parse(text);
const cron = (expression: string, zone = "Europe/Berlin"): Cadence => ({
  type: "cron",
  expression,
  zone,
});
const every = (everyMs: number): Cadence => ({ type: "interval", everyMs });
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
const NOW = at("2026-03-02T10:00:00Z");

describe("what may not be kept is said in one sentence", () => {
  test.each<[Cadence, RegExp]>([
    [every(MINUTE - 1), /shorter than one minute/],
    [every(Number.NaN), /shorter than one minute/],
    [every(367 * 24 * HOUR), /longer than a year/],
    [cron("61 * * * *"), /is not a cron expression/],
    [cron("* * * * * *"), /is not a cron expression of five fields/],
    [cron("hello"), /is not a cron expression/],
    [cron("0 0 31 2 *"), /never comes/],
    [cron("0 9 * * *", "Berlin/Europe"), /is not a time zone/],
    [cron("0 9 * * *", ""), /is not a time zone/],
    [{ type: "once", at: NOW }, /lies in the past/],
    [{ type: "once", at: Number.NaN }, /not a moment/],
  ])("%j", (cadence, problem) => {
    expect(cadenceProblem(cadence, NOW)).toMatch(problem);
  });

  test.each<Cadence>([every(MINUTE), cron("0 9 * * 1-5"), { type: "once", at: NOW + 1 }])(
    "%j may be kept",
    (cadence) => {
      expect(cadenceProblem(cadence, NOW)).toBeNull();
    },
  );
});

test("an interval keeps its distance from the last due time, not from when it was handled", () => {
  expect(nextDue(every(30 * MINUTE), NOW, NOW + 4_000)).toEqual({
    nextDueAt: NOW + 30 * MINUTE,
    missed: 0,
  });
});

test("after a night away one tick remains, and the number of the others", () => {
  expect(nextDue(every(30 * MINUTE), NOW, NOW + 8 * HOUR + MINUTE)).toEqual({
    nextDueAt: NOW + 8 * HOUR + 30 * MINUTE,
    missed: 16,
  });
  expect(nextDue(cron("*/30 * * * *"), NOW, NOW + 8 * HOUR + MINUTE)).toMatchObject({ missed: 16 });
});

test("a year away counts as many as anybody cares for", () => {
  const { nextDueAt, missed } = nextDue(cron("* * * * *"), NOW, NOW + 365 * 24 * HOUR);
  expect(missed).toBe(MOST_MISSED);
  expect(nextDueAt).toBe(NOW + 365 * 24 * HOUR + MINUTE);
});

test("a date comes once, and late if need be", () => {
  const once: Cadence = { type: "once", at: NOW };
  expect(firstDue(once, null, NOW + HOUR)).toBe(NOW);
  expect(nextDue(once, NOW, NOW + HOUR)).toEqual({ nextDueAt: null, missed: 0 });
  expect(firstDue(once, NOW, NOW)).toBeNull();
  expect(periodAfter(once, NOW)).toBe(HOUR);
});

test("a schedule by the clock waits for its first time, one by interval begins at once", () => {
  expect(iso(firstDue(cron("0 9 * * *"), null, NOW))).toBe("2026-03-03T08:00:00.000Z");
  expect(firstDue(every(MINUTE), null, NOW)).toBe(NOW);
  expect(firstDue(every(MINUTE), NOW - 1_000, NOW)).toBe(NOW + 59_000);
});

describe("daylight saving in Berlin", () => {
  const daily = cron("30 2 * * *");
  test("a time that the spring night leaves out comes within that day, once", () => {
    const before = at("2026-03-28T01:30:00Z");
    const first = nextDue(daily, before, before).nextDueAt ?? 0;
    expect(iso(first)?.slice(0, 10)).toBe("2026-03-29");
    expect(iso(nextDue(daily, first, first).nextDueAt)).toBe("2026-03-30T00:30:00.000Z");
  });

  test("a time that the autumn night has twice comes once", () => {
    const before = at("2026-10-24T00:30:00Z");
    const first = nextDue(daily, before, before).nextDueAt ?? 0;
    expect(iso(first)).toBe("2026-10-25T00:30:00.000Z");
    expect(iso(nextDue(daily, first, first).nextDueAt)).toBe("2026-10-26T01:30:00.000Z");
  });

  test("a period over the change has 23 or 25 hours", () => {
    expect(periodAfter(cron("0 9 * * *"), at("2026-03-28T08:00:00Z"))).toBe(23 * HOUR);
    expect(periodAfter(cron("0 9 * * *"), at("2026-10-24T07:00:00Z"))).toBe(25 * HOUR);
  });
});

const zone = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/Sao_Paulo",
);
const expression = fc
  .record({
    minute: fc.nat(59),
    hour: fc.nat(23),
    every: fc.constantFrom("daily", "weekday", "hourly"),
  })
  .map(({ minute, hour, every: how }) => {
    if (how === "hourly") return `${minute} * * * *`;
    return `${minute} ${hour} * * ${how === "weekday" ? "1-5" : "*"}`;
  });
const moment = fc.integer({ min: at("2024-01-01T00:00:00Z"), max: at("2030-01-01T00:00:00Z") });

test("in every zone and over every change of the clock the next time is later, whole minutes, and near", () => {
  fc.assert(
    fc.property(expression, zone, moment, (words, where, now) => {
      const next = firstDue(cron(words, where), null, now) ?? 0;
      expect(next).toBeGreaterThan(now);
      expect(next % MINUTE).toBe(0);
      expect(next - now).toBeLessThanOrEqual(4 * 24 * HOUR);
    }),
    { numRuns: 300 },
  );
});

test("walking from due time to due time and jumping over them ends at the same place", () => {
  fc.assert(
    fc.property(
      expression,
      zone,
      moment,
      fc.integer({ min: 1, max: 200 * HOUR }),
      (words, where, start, away) => {
        const cadence = cron(words, where);
        const dueAt = firstDue(cadence, null, start) ?? 0;
        const now = dueAt + away;
        const jumped = nextDue(cadence, dueAt, now);
        let walked = nextDue(cadence, dueAt, dueAt).nextDueAt ?? 0;
        let steps = 0;
        for (; walked <= now; steps += 1) walked = nextDue(cadence, walked, walked).nextDueAt ?? 0;
        expect(jumped).toEqual({ nextDueAt: walked, missed: steps });
      },
    ),
    { numRuns: 60 },
  );
});
