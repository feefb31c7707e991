import { expect, test } from "vitest";
import { plant, requirePlantable } from "../src/bugs/bug.ts";
import { BUGS } from "../src/bugs/list.ts";

test.each(BUGS)("the bug $name still fits into the code that it breaks", (bug) => {
  expect(() => requirePlantable(bug)).not.toThrow();
  expect(bug.replace).not.toBe(bug.find);
});

test("at least twenty bugs are known, each by a name of its own", () => {
  expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
  expect(BUGS.length).toBeGreaterThanOrEqual(20);
});

test("a bug whose code has moved on says so and what to do", () => {
  const [bug] = BUGS;
  if (bug === undefined) throw new Error("There is none.");
  expect(() => plant(bug, "something else")).toThrow(`"${bug.name}" cannot be planted`);
  expect(() => plant(bug, bug.find + bug.find)).toThrow("2 times");
});
