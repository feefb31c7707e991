import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const page = readFileSync(new URL("docs/failures.md", ROOT), "utf8");
const failures = page.split("\n").filter((line) => /^\d+\. /.test(line));

test("every failure that we know of has a number and a test", () => {
  expect(failures.map((line) => Number.parseInt(line, 10))).toEqual(
    failures.map((_, at) => at + 1),
  );
  expect(failures.filter((line) => testsIn(line).length === 0)).toEqual([]);
});

test("every test that docs/failures.md names exists under its title", () => {
  const named = failures.flatMap(testsIn);
  const missing = named.filter(({ file, title }) => !titlesIn(file).includes(`"${title}"`));
  expect(missing).toEqual([]);
});

/** The tests of one line, each written as – `file`: “title”. */
function testsIn(line: string): { file: string; title: string }[] {
  return [...line.matchAll(/`([^`]+)`: “([^”]+)”/g)].map(([, file = "", title = ""]) => ({
    file,
    title,
  }));
}

/** A file's text; nothing of one that is not there. */
function titlesIn(file: string): string {
  try {
    return readFileSync(new URL(file, ROOT), "utf8");
  } catch {
    return "";
  }
}
