import { expect, test } from "vitest";
import { count, totalOf, usageLine } from "./amount.ts";

test("tokens and cost are short, and what a harness does not tell is left out", () => {
  const cost = { amount: 0.0423, currency: "USD" };
  expect(usageLine({ inputTokens: 12_400, outputTokens: 830, cost })).toBe(
    "12.4K in · 830 out · $0.0423",
  );
  expect(usageLine({ outputTokens: 5 })).toBe("5 out");
  expect(usageLine({})).toBe("");
});

test("turns add up", () => {
  const cost = { amount: 1, currency: "USD" };
  expect(totalOf([{ inputTokens: 1, cost }, { inputTokens: 2 }, { cost }])).toEqual({
    inputTokens: 3,
    cost: { amount: 2, currency: "USD" },
  });
});

test("money of two currencies is not added", () => {
  const both = ["USD", "EUR"].map((currency) => ({ cost: { amount: 1, currency } }));
  expect(totalOf(both)).toEqual({});
});

test("one of a thing is not many", () => {
  expect(count(1, "file")).toBe("1 file");
  expect(count(1204, "line")).toBe("1,204 lines");
});
