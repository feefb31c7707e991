import * as fc from "fast-check";
import { expect, test } from "vitest";
import { split } from "./split.ts";

const costs = (count: number, each: number) => Array.from({ length: count }, () => each);

test("a batch that this thread runs in a moment stays here", () => {
  expect(split(costs(10, 0.05), 4)).toBeUndefined();
  expect(split([5], 4)).toBeUndefined();
});

test("without a worker everything stays here", () => {
  expect(split(costs(100, 1), 0)).toBeUndefined();
});

test("two threads take about half of equal queries each", () => {
  const { here = [], there = [] } = split(costs(100, 1), 1) ?? {};
  expect(there).toHaveLength(1);
  expect(here.length).toBeGreaterThanOrEqual(45);
  expect(here.length).toBeLessThanOrEqual(55);
});

test("a query that takes long leaves this thread to the others", () => {
  expect(split([30], 1)).toMatchObject({ here: [], there: [[0]] });
});

test("what cannot be handed over stays here, however long it takes", () => {
  expect(split([undefined, 30, undefined], 1)).toMatchObject({ here: [0, 2], there: [[1]] });
});

test("every query of a batch is run once, and no worker is asked for nothing", () => {
  const cost = fc.option(fc.double({ min: 0, max: 50, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(cost), fc.integer({ min: 0, max: 4 }), (batch, workers) => {
      const found = split(batch, workers);
      if (found === undefined) return;
      expect([...found.here, ...found.there.flat()].toSorted((a, b) => a - b)).toEqual([
        ...batch.keys(),
      ]);
      expect(found.there.length).toBeLessThanOrEqual(workers);
      expect(found.there.every(({ length }) => length > 0)).toBe(true);
    }),
  );
});
