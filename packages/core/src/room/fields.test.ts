import { expect, test } from "vitest";
import { MAX_FIELD_LENGTH, MAX_KEY_LENGTH, MAX_TEAM_SIZE } from "./fields.ts";
import { fieldProblem, keyProblem, teamSizeProblem } from "./fields.ts";

test("a field of exactly its limit is valid and one character more is not", () => {
  expect(fieldProblem("model", "x".repeat(MAX_FIELD_LENGTH))).toBeNull();
  expect(fieldProblem("model", "x".repeat(MAX_FIELD_LENGTH + 1))).toBe(
    "The model has more than 400 characters.",
  );
});

test.each([" ", "", "/tmp\n/etc", "a\0b", "\u001B[31m"])("%j is no field", (value) => {
  expect(fieldProblem("working directory", value)).toMatch(/^The working directory (is|has) /);
});

test("a request key is neither empty nor longer than its limit", () => {
  expect(keyProblem("x".repeat(MAX_KEY_LENGTH))).toBeNull();
  expect(keyProblem("")).toBe("A request key has 1 to 200 characters.");
  expect(keyProblem("x".repeat(MAX_KEY_LENGTH + 1))).not.toBeNull();
});

test("a room has at least one role and at most as many as its panel shows", () => {
  expect(teamSizeProblem(1)).toBeNull();
  expect(teamSizeProblem(MAX_TEAM_SIZE)).toBeNull();
  expect(teamSizeProblem(0)).toBe("A room has 1 to 32 roles, but 0 were given.");
  expect(teamSizeProblem(MAX_TEAM_SIZE + 1)).not.toBeNull();
});
