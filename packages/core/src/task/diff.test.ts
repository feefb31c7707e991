import { expect, test } from "vitest";
import { utf8Length } from "../room/text.ts";
import { DIFF_LIMITS, boundDiff } from "./diff.ts";
import type { FileDiff, TaskDiff } from "./diff.ts";

const of = (...files: FileDiff[]): TaskDiff => ({
  base: "a1",
  head: "b2",
  commits: [{ hash: "b2", subject: "Light the lamp" }],
  files,
  totals: { commits: 1, files: files.length, added: 3, removed: 1 },
  truncated: false,
});
const file = (path: string, patch?: string): FileDiff => ({
  path,
  added: 1,
  removed: 0,
  ...(patch === undefined ? {} : { patch }),
});

test("a small diff is kept as it is", () => {
  const small = of(file("lamp.ts", "@@ -1 +1 @@\n+light\n"), file("photo.png"));
  expect(boundDiff(small)).toEqual(small);
});

test("of 50 MB the files and their counts are kept, with the hunks that fit", () => {
  const big = boundDiff(of(file("dump.sql", "x".repeat(50_000_000)), file("lamp.ts", "+light")));
  expect(big).toMatchObject({ truncated: true, totals: { files: 2, added: 3 } });
  expect(big.files).toEqual([file("dump.sql"), file("lamp.ts", "+light")]);
});

test("many files, long names and characters of several bytes stay below one document", () => {
  const files = Array.from({ length: 5_000 }, (_, index) =>
    file(`${index}/${"é".repeat(5_000)}`, "€".repeat(2_000)),
  );
  const commits = files.map(({ path }) => ({ hash: "b2", subject: path }));
  const bounded = boundDiff({ ...of(...files), commits });
  expect(bounded.files).toHaveLength(DIFF_LIMITS.files);
  expect(bounded.truncated).toBe(true);
  expect(utf8Length(JSON.stringify(bounded))).toBeLessThan(1_000_000);
  expect(boundDiff(bounded)).toEqual(bounded);
});
