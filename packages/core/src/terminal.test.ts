import { expect, test } from "vitest";
import { withoutControls, withoutEscapes } from "./terminal.ts";

test.for<readonly [string, string, string]>([
  ["a colour", "\u001B[31mred\u001B[0m", "red"],
  [
    "a link that shows another text",
    "\u001B]8;;https://evil.example\u0007here\u001B]8;;\u0007",
    "here",
  ],
  ["a title that is never ended", "a\u001B]0;title", "a"],
  ["an eight-bit escape", "\u009B2Jgone", "gone"],
  ["ordinary text with brackets", "a[0] = b;", "a[0] = b;"],
])("%s leaves what a person was meant to read", ([, text, shown]) => {
  expect(withoutEscapes(text)).toBe(shown);
});

test("control characters go, newlines and tabs stay", () => {
  expect(withoutControls("a\r\nb\tc\u0000\u0007\rd")).toBe("a\nb\tcd");
});
