import { expect, test } from "vitest";
import { roleNameProblem, roomNameProblem } from "./names.ts";

test.each(["harbor", "a", "code-reviewer", "team-2", "x".repeat(40)])("%s is a name", (name) => {
  expect(roomNameProblem(name)).toBeNull();
  expect(roleNameProblem(name)).toBeNull();
});

test.each([
  ["", /needs a name/],
  ["Harbor", /lower-case/],
  ["-harbor", /lower-case/],
  ["a--b", /lower-case/],
  ["harbor\n", /lower-case/],
  ["../etc", /lower-case/],
  ["x".repeat(41), /at most 40 characters, but this one has 41/],
])("%j is no name, and one sentence says why", (name, problem) => {
  expect(roomNameProblem(name)).toMatch(problem);
});

test("a room may be called user, a role may not", () => {
  expect(roomNameProblem("user")).toBeNull();
  expect(roleNameProblem("user")).toMatch(/means the people of the room/);
});
