import { expect, test } from "vitest";
import { givenAnswer, closedBecause, unanswered } from "./approval.ts";

const options = [{ optionId: "yes", name: "Allow once" }];
const open = { status: "open", options, deadline: 100 } as const;

test("an open approval can be answered until its deadline, whether the worker was there or not", () => {
  expect(closedBecause(open, 99)).toBeNull();
  expect(closedBecause(open, 100)).toBe("Nobody answered in time, which is a no.");
});

test("an answered one names who answered what", () => {
  const answered = { status: "answered", options, deadline: null, optionId: "yes" } as const;
  expect(closedBecause({ ...answered, answeredBy: "ada" }, 0)).toBe(
    "ada has answered this already: Allow once.",
  );
});

test("a void one says that its turn is over", () => {
  expect(closedBecause({ ...open, status: "void", deadline: null }, 0)).toMatch(
    /not asked any more/,
  );
});

const question = { ...open, kind: "question", options: [] } as const;

test("a question that nobody answers expires, while an approval is denied", () => {
  expect(unanswered("question")).toBe("expired");
  expect(unanswered()).toBe("denied");
  expect(closedBecause(question, 99)).toBeNull();
  expect(closedBecause(question, 100)).toBe("Nobody answered in time.");
  expect(closedBecause({ ...question, status: "void", deadline: null }, 0)).toMatch(/task is over/);
});

test("an answered question names who said what", () => {
  const said = { ...question, status: "answered", deadline: null, answer: "8080" } as const;
  expect(closedBecause({ ...said, answeredBy: "ada" }, 0)).toBe(
    "ada has answered this already: 8080.",
  );
  expect(givenAnswer(said)).toBe("8080");
});
