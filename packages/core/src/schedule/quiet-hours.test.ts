import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isQuiet, quietHoursProblem, quietUntil } from "./quiet-hours.ts";

const at = (text: string) => Date.parse(text);
const NIGHT = { from: "22:00", to: "07:00", zone: "Europe/Berlin" };
const LUNCH = { from: "12:00", to: "13:00", zone: "UTC" };
const iso = (ms: number) => new Date(ms).toISOString();

test.each([
  ["2026-01-10T20:59:59Z", false],
  ["2026-01-10T21:00:00Z", true],
  ["2026-01-11T00:30:00Z", true],
  ["2026-01-11T05:59:59Z", true],
  ["2026-01-11T06:00:00Z", false],
])("a night in Berlin: at %s it is quiet: %s", (moment, quiet) => {
  expect(isQuiet(NIGHT, at(moment))).toBe(quiet);
});

test("within one day they begin and end on that day", () => {
  expect(isQuiet(LUNCH, at("2026-01-10T11:59:00Z"))).toBe(false);
  expect(isQuiet(LUNCH, at("2026-01-10T12:30:00Z"))).toBe(true);
  expect(isQuiet(LUNCH, at("2026-01-10T13:00:00Z"))).toBe(false);
});

test("the same time twice means never", () => {
  const never = { ...NIGHT, to: "22:00" };
  for (let hour = 0; hour < 24; hour += 1)
    expect(isQuiet(never, at("2026-01-10T00:00:00Z") + hour * 3_600_000)).toBe(false);
});

test("what is held back in the night comes at its end", () => {
  expect(iso(quietUntil(NIGHT, at("2026-01-10T23:12:34.567Z")))).toBe("2026-01-11T06:00:00.000Z");
  expect(quietUntil(NIGHT, at("2026-01-10T12:00:00Z"))).toBe(at("2026-01-10T12:00:00Z"));
});

test("a night in which the clock changes ends at seven by the clock", () => {
  expect(iso(quietUntil(NIGHT, at("2026-03-28T23:00:00Z")))).toBe("2026-03-29T05:00:00.000Z");
  expect(iso(quietUntil(NIGHT, at("2026-10-24T23:00:00Z")))).toBe("2026-10-25T06:00:00.000Z");
});

test.each([
  [{ ...NIGHT, from: "24:00" }, /not a time of the day/],
  [{ ...NIGHT, to: "7:00" }, /not a time of the day/],
  [{ ...NIGHT, zone: "Moon" }, /not a time zone/],
])("%j may not be kept", (quiet, problem) => {
  expect(quietHoursProblem(quiet)).toMatch(problem);
  expect(quietHoursProblem(NIGHT)).toBeNull();
});

test("the end is not quiet, everything until then is, in every zone on every day", () => {
  const time = fc
    .record({ hour: fc.nat(23), minute: fc.nat(59) })
    .map(({ hour, minute }) =>
      [hour, minute].map((part) => String(part).padStart(2, "0")).join(":"),
    );
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu");
  const moment = fc.integer({ min: at("2024-01-01T00:00:00Z"), max: at("2030-01-01T00:00:00Z") });
  fc.assert(
    fc.property(time, time, zone, moment, (from, to, where, now) => {
      const quiet = { from, to, zone: where };
      const end = quietUntil(quiet, now);
      expect(isQuiet(quiet, end)).toBe(false);
      expect(end).toBeGreaterThanOrEqual(now);
      expect(end - now).toBeLessThanOrEqual(26 * 3_600_000);
      for (const part of [0.1, 0.5, 0.9]) {
        const between = now + Math.floor((end - now) * part);
        expect(between === end || isQuiet(quiet, between)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
