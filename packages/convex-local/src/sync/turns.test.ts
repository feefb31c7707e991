import { expect, test } from "vitest";
import { inTurns } from "./turns.ts";

const turnsOf = (costs: readonly number[]) => inTurns(costs, (cost) => cost);

test("the cheapest goes first, and what takes much longer waits for its own turn", () => {
  expect(turnsOf([50, 1, 7])).toEqual([[1], [7], [50]]);
});

test("what takes about as long is done together", () => {
  expect(turnsOf([6, 5, 5, 30])).toEqual([[5, 5, 6, 30]]);
  expect(turnsOf([6, 5, 5, 33])).toEqual([[5, 5, 6], [33]]);
});

test("what is not known to cost anything goes at once, in its order", () => {
  const works = ["ada", "linus", "grace"];
  expect(inTurns(works, () => 0)).toEqual([works]);
  expect(inTurns([], () => 0)).toEqual([]);
});

test("a thousand different costs make few turns", () => {
  const costs = Array.from({ length: 1_000 }, (_, at) => 1.5 ** (at % 30));
  expect(turnsOf(costs).length).toBeLessThan(8);
});
