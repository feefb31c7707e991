import { expect, test } from "vitest";
import { firstLines, hunksOf } from "./patch.ts";

const PATCH = `diff --git a/pier.ts b/pier.ts
index 1..2 100644
--- a/pier.ts
+++ b/pier.ts
@@ -3,3 +3,4 @@ export function pier() {
 a
-b
+c
+d
 e
\\ No newline at end of file
@@ -40 +41 @@
-x
+y
`;

test("each line of a hunk has its kind and its numbers before and after", () => {
  const [first] = hunksOf(PATCH);
  expect(first?.head).toBe("export function pier() {");
  expect(first?.lines.map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
    ["same", 3, 3, "a"],
    ["removed", 4, null, "b"],
    ["added", null, 4, "c"],
    ["added", null, 5, "d"],
    ["same", 5, 6, "e"],
    ["note", null, null, " No newline at end of file"],
  ]);
});

test("a hunk of one line counts from its own number", () => {
  expect(hunksOf(PATCH)[1]?.lines.map(({ before, after }) => [before, after])).toEqual([
    [40, null],
    [null, 41],
  ]);
});

test("the head of a file is no line of it, also when it looks like one", () => {
  const texts = hunksOf(PATCH).flatMap(({ lines }) => lines.map(({ text }) => text));
  expect(texts).not.toContain("-- a/pier.ts");
});

test("terminal escapes and characters that reorder text do not survive in a line", () => {
  const [hunk] = hunksOf("@@ -1 +1 @@\n+\u001B[2Jif (admin)\u202E {\n");
  expect(hunk?.lines[0]?.text).toBe("if (admin)⟨U+202E⟩ {");
});

test("of a large patch the first lines are shown and the rest is counted", () => {
  const { shown, more } = firstLines(hunksOf(PATCH), 4);
  expect(shown.map(({ lines }) => lines.length)).toEqual([4]);
  expect(more).toBe(4);
});
