import { expect, test } from "vitest";
import { plain, plainJson } from "./plain.ts";

test.each([
  ["colours", "\u001B[31mred\u001B[0m", "red"],
  ["cursor moves", "a\u001B[2J\u001B[1;1Hb", "ab"],
  ["a title", "\u001B]0;owned\u0007x", "x"],
  ["a link", "\u001B]8;;https://evil.example\u001B\\here\u001B]8;;\u001B\\", "here"],
  ["the clipboard", "\u001B]52;c;ZXZpbA==\u0007x", "x"],
  ["an unfinished string", "x\u001B]0;all that follows", "x"],
  ["a device control string", "\u001BPq#0\u001B\\x", "x"],
  ["eight-bit controls", "\u009B31mred\u009D0;t\u009Cx", "redx"],
  ["bidirectional overrides", "user\u202Enimda\u2066!\u200F", "usernimda!"],
  ["returns, bells and backspaces", "ok\rno\b\u0007", "okno"],
])("%s of others never reach the terminal", (_name, text, shown) => {
  expect(plain(text)).toBe(shown);
});

test("lines, tabs and letters of every script stay", () => {
  const text = "a\tb\r\nc\n– привет שלום 🙂";
  expect(plain(text)).toBe(text.replace("\r", ""));
});

test("JSON keeps every character, and shows none that a terminal obeys", () => {
  const value = { text: "\u001B[31m\u009B\u202E\u007F–" };
  expect(plainJson(value)).toBe('{"text":"\\u001b[31m\\u009b\\u202e\\u007f–"}');
  expect(JSON.parse(plainJson(value))).toEqual(value);
});

test("a megabyte of bait is read in linear time of the processor", () => {
  const before = process.cpuUsage();
  expect(plain("\u001B]".repeat(250_000))).not.toContain("\u001B");
  expect(plain(`\u001B[${"0;".repeat(500_000)}`)).not.toContain("\u001B");
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});
