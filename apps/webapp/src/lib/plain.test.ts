import { expect, test } from "vitest";
import { plain, plainLine } from "./plain.ts";

test.each([
  ["colours", "\u001B[31mred\u001B[0m", "red"],
  ["cursor moves", "a\u001B[2J\u001B[1;1Hb", "ab"],
  ["a link", "\u001B]8;;https://evil.example\u001B\\here\u001B]8;;\u001B\\", "here"],
  ["an unfinished string", "x\u001B]0;all that follows", "x"],
  ["eight-bit controls", "\u009B31mred\u009D0;t\u009Cx", "redx"],
  ["returns and backspaces that overwrite", "rm -rf /\rls\b\u0007", "rm -rf /ls"],
])("%s of a program are not shown", (_name, text, shown) => {
  expect(plain(text)).toBe(shown);
});

test("characters that reorder or hide text are shown by their code", () => {
  expect(plain("user\u202Enimda")).toBe("user⟨U+202E⟩nimda");
  expect(plain("rm\u200B-rf")).toBe("rm⟨U+200B⟩-rf");
});

test("lines, tabs and letters of every script stay", () => {
  const text = "a\tb\nc\n– привет שלום 🙂";
  expect(plain(text)).toBe(text);
});

test("a title stays on one line, whatever is in it", () => {
  expect(plainLine("  Run\n\n\tnpm test ")).toBe("Run npm test");
});
