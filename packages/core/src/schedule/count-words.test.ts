import { expect, test } from "vitest";
import { countWords, NOTHING_COUNTED } from "./count-words.ts";

test("each counter is told once it counts, and the skips by their reasons, the most frequent first", () => {
  const skips = { "quiet-hours": 2, "nothing-due": 7 };
  expect(countWords({ ...NOTHING_COUNTED, ticks: 12, wakes: 3, oks: 2, alerts: 1, skips })).toEqual(
    ["12 ticks", "3 wakes", "2 OKs", "1 alert", "9 skips (7 nothing-due, 2 quiet-hours)"],
  );
});

test("deliveries, retries, what never arrived and the cost are told as well", () => {
  const told = { ticks: 1, sent: 1, retries: 1, dead: 1, cost: 0.5, skips: { busy: 1 } };
  expect(countWords({ ...NOTHING_COUNTED, ...told })).toEqual([
    "1 tick",
    "1 skip (1 busy)",
    "1 sent",
    "1 retry",
    "1 not delivered",
    "cost 0.50",
  ]);
});

test("a schedule to which nothing has happened has no tick", () => {
  expect(countWords(NOTHING_COUNTED)).toEqual(["0 ticks"]);
});
