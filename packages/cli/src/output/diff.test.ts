import { expect, test } from "vitest";
import { resultText } from "./envelope.ts";
import { diffLines, type DiffView } from "./diff.ts";

const diff: DiffView = {
  base: "0123456789abcdef",
  head: "fedcba9876543210",
  commits: [{ hash: "fedcba9876543210", subject: "Mend the net" }],
  files: [
    { path: "net.txt", added: 1, removed: 1, patch: "@@ -1 +1 @@\n-torn\n+whole\n" },
    { path: "pier.txt", added: 12, removed: 0, patch: "@@ -0,0 +1 @@\n+pier\n" },
  ],
  totals: { commits: 1, files: 2, added: 13, removed: 1 },
  truncated: false,
};

function shown(of: DiffView, colours = false): string {
  return resultText({ data: of, summary: "", lines: diffLines(of) }, { json: false, colours });
}

test("a diff is read as its commits, its files with their counts, and their hunks", () => {
  expect(shown(diff)).toBe(
    [
      "fedcba9876  Mend the net",
      "1 commit, 2 files, +13 −1",
      "   +1 −1  net.txt",
      "  +12 −0  pier.txt",
      "",
      "net.txt",
      "@@ -1 +1 @@",
      "-torn",
      "+whole",
      "",
      "pier.txt",
      "@@ -0,0 +1 @@",
      "+pier",
      "",
    ].join("\n"),
  );
});

test("on a terminal what was added is green and what was removed is red", () => {
  expect(shown(diff, true)).toContain("\u001B[31m-torn\u001B[0m\n\u001B[32m+whole\u001B[0m\n");
});

test("nothing in a file's name or lines moves, colours or turns round the terminal's text", () => {
  const [file] = diff.files;
  const path = "a\u001B[2Jb\u202Egpj.exe\nM  c";
  const patch = "@@ -1 +1 @@\n+\u001B]0;owned\u0007x\u2066y";
  const text = shown({ ...diff, files: [{ ...file, path, added: 1, removed: 0, patch }] });
  expect(text).toContain("  +1 −0  abgpj.exe?M  c\n");
  expect(text).toContain("\n+xy\n");
  // oxlint-disable-next-line no-control-regex -- their absence is the point
  expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
});

test("what was cut is counted, with the command that shows all of it", () => {
  const [file] = diff.files;
  const { patch: _left, ...bare } = { ...file, path: "big.bin", added: 0, removed: 0 };
  const totals = { commits: 3, files: 900, added: 5, removed: 5 };
  const text = shown({ ...diff, files: [bare], totals, truncated: true });
  expect(text).toContain(
    "\nCut: 2 commits, 899 files, the lines of 1 file. All of it: git diff 0123456789..fedcba9876\n",
  );
});
