import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TEXT_LIMITS, headOf, tailOf, textProblem, utf8Length } from "./text.ts";

test("a message of exactly 64 KiB is accepted and one byte more is too large", () => {
  const full = "x".repeat(TEXT_LIMITS.message);
  expect(textProblem(full, "message")).toBeNull();
  expect(textProblem(`${full}x`, "message")).toEqual({
    kind: "too_large",
    message: "The message has 65537 bytes, but at most 65536 are allowed.",
  });
});

test("the limit counts bytes and not characters", () => {
  expect(textProblem("é".repeat(TEXT_LIMITS.progress / 2), "progress")).toBeNull();
  expect(textProblem("€".repeat(TEXT_LIMITS.progress / 2), "progress")?.kind).toBe("too_large");
});

test("a text of blanks is empty", () => {
  expect(textProblem(" \n\t", "message")?.kind).toBe("invalid");
});

test("lengths agree with the bytes that are stored", () => {
  expect(["a", "é", "€", "🛥", "\ud83d"].map(utf8Length)).toEqual([1, 2, 3, 4, 3]);
});

test("a tail is the end of its text, fits, and cuts no character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat({ max: 30 }), (text, limit) => {
      const tail = tailOf(text, limit);
      expect(text.endsWith(tail)).toBe(true);
      expect(utf8Length(tail)).toBeLessThanOrEqual(limit);
      expect(tail.isWellFormed()).toBe(true);
    }),
  );
});

test("the head of a text fits its limit and cuts no character in two", () => {
  expect(headOf("harbor", 3)).toBe("har");
  expect(headOf("é🚢", 5)).toBe("é");
  expect(headOf("é🚢", 6)).toBe("é🚢");
});
