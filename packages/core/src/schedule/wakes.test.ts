import * as fc from "fast-check";
import { expect, test } from "vitest";
import { WAKES_PER_MINUTE, WAKE_SPACING_MS, WAKE_WINDOW_MS, nextWakeAt } from "./wakes.ts";
import type { Wake } from "./wakes.ts";

const NOW = 1_700_000_000_000;
const of = (role: string, ...seconds: number[]): Wake[] =>
  seconds.map((second) => ({ role, at: NOW + second * 1_000 }));

test("a role that was not woken lately is woken now", () => {
  expect(nextWakeAt("planner", [], NOW)).toBe(NOW);
  expect(nextWakeAt("planner", of("planner", -30), NOW)).toBe(NOW);
});

test("the second wake of a role waits for half a minute, another role does not", () => {
  expect(nextWakeAt("planner", of("planner", -10), NOW)).toBe(NOW + 20_000);
  expect(nextWakeAt("builder", of("planner", -10), NOW)).toBe(NOW);
});

test("the sixth wake of a room within a minute waits for the first to be a minute old", () => {
  const five = ["a", "b", "c", "d", "e"].flatMap((role, index) => of(role, -50 + index));
  expect(nextWakeAt("f", five.slice(1), NOW)).toBe(NOW);
  expect(nextWakeAt("f", five, NOW)).toBe(NOW + 10_000);
});

test("wakes that are still to come count as well", () => {
  expect(nextWakeAt("planner", of("planner", 0, 30, 60), NOW)).toBe(NOW + 90_000);
});

test("however many are asked for, no minute has more than five and no role two in half a minute", () => {
  const asked = fc.array(
    fc.record({ role: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), after: fc.nat(20_000) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(asked, (wishes) => {
      const wakes: Wake[] = [];
      let now = NOW;
      for (const { role, after } of wishes) {
        now += after;
        const at = nextWakeAt(role, wakes, now);
        expect(at).toBeGreaterThanOrEqual(now);
        wakes.push({ role, at });
      }
      const times = wakes.map(({ at }) => at).toSorted((a, b) => a - b);
      for (let index = WAKES_PER_MINUTE; index < times.length; index += 1)
        expect((times[index] ?? 0) - (times[index - WAKES_PER_MINUTE] ?? 0)).toBeGreaterThanOrEqual(
          WAKE_WINDOW_MS,
        );
      for (const role of "abcdefg") {
        const own = wakes.filter((wake) => wake.role === role).map(({ at }) => at);
        own.sort((a, b) => a - b);
        for (let index = 1; index < own.length; index += 1)
          expect((own[index] ?? 0) - (own[index - 1] ?? 0)).toBeGreaterThanOrEqual(WAKE_SPACING_MS);
      }
    }),
  );
});
