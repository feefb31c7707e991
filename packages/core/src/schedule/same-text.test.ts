import { expect, test } from "vitest";
import { SAME_TEXT_MS, isDuplicate, remember, sameTextHash } from "./same-text.ts";

test("the same words in another dress are the same text", () => {
  const hash = sameTextHash("The build is red.");
  expect(sameTextHash("**the  build** is red!\n")).toBe(hash);
  expect(sameTextHash("The build is ｒｅｄ")).toBe(hash);
  expect(sameTextHash("The build is green.")).not.toBe(hash);
});

test("another number is another piece of news", () => {
  expect(sameTextHash("3 failures")).not.toBe(sameTextHash("4 failures"));
});

test("texts without a word differ by what they are", () => {
  expect(sameTextHash("🔥")).not.toBe(sameTextHash("🚢"));
});

test("a text is a duplicate for a day, not longer", () => {
  const sent = remember("The build is red.", [], 1_000);
  expect(isDuplicate("the build is RED", sent, 1_000 + SAME_TEXT_MS - 1)).toBe(true);
  expect(isDuplicate("the build is RED", sent, 1_000 + SAME_TEXT_MS)).toBe(false);
  expect(isDuplicate("the build is green", sent, 1_000)).toBe(false);
});

test("two pieces of news in turn are each remembered", () => {
  const sent = remember("b", remember("a", [], 0), 1);
  expect(isDuplicate("a", sent, 2)).toBe(true);
  expect(isDuplicate("b", sent, 2)).toBe(true);
});

test("what is remembered is bounded, the newest stays", () => {
  let sent: { hash: string; at: number }[] = [];
  for (let index = 0; index < 100; index += 1) sent = remember(`news ${index}`, sent, index, 10);
  expect(sent).toHaveLength(10);
  expect(isDuplicate("news 99", sent, 100)).toBe(true);
  expect(remember("x", sent, SAME_TEXT_MS * 2)).toHaveLength(1);
});
