import { expect, test } from "vitest";
import { choicesProblem, titled } from "./question.ts";

test("a question has no choice or 2 to 6 different ones, each on one line", () => {
  expect(choicesProblem([])).toBeNull();
  expect(choicesProblem(["8080", "9090"])).toBeNull();
  expect(choicesProblem(["8080"])).toMatch(/2 to 6 different/);
  expect(choicesProblem(["8080", "8080"])).toMatch(/2 to 6 different/);
  expect(choicesProblem(["a", "b", "c", "d", "e", "f", "g"])).toMatch(/2 to 6 different/);
  expect(choicesProblem(["8080", " "])).toBe("The choice is empty.");
  expect(choicesProblem(["80\n80", "9090"])).toMatch(/control characters/);
});

test("the first line of a question is its title, and the rest its detail", () => {
  expect(titled("Which port?")).toEqual({ title: "Which port?", detail: "" });
  expect(titled("\nWhich \u001B[31mport?\r\n\n8080 is taken.\n")).toEqual({
    title: "Which [31mport?",
    detail: "8080 is taken.",
  });
});

test("a first line that is too long for a title is whole in the detail", () => {
  const line = `${"é".repeat(400)}?`;
  const { title, detail } = titled(line);
  expect(title).toBe(`${"é".repeat(199)}…`);
  expect(detail).toBe(line);
});
