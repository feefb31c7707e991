import { expect, test } from "vitest";
import { DEFAULT_CAPS, capProblem, capsProblem, isIdle, isSignInFailure } from "./brakes.ts";

const DAY = 86_400_000;

test("the last run that is allowed begins, the next one does not", () => {
  const caps = { ...DEFAULT_CAPS, runsPerDay: 3 };
  expect(capProblem(caps, { runs: 2, cost: 0 })).toBeNull();
  expect(capProblem(caps, { runs: 3, cost: 0 })).toBe("3 runs within 24 hours");
  expect(capProblem({ ...caps, runsPerDay: 1 }, { runs: 1, cost: 0 })).toBe(
    "1 run within 24 hours",
  );
});

test("money that is used up ends the day, agents that cost nothing go on", () => {
  expect(capProblem(DEFAULT_CAPS, { runs: 1, cost: 4.99 })).toBeNull();
  expect(capProblem(DEFAULT_CAPS, { runs: 1, cost: 5 })).toMatch(/5\.00 spent .* 5\.00 allowed/);
  expect(capProblem({ ...DEFAULT_CAPS, costPerDay: 0 }, { runs: 1, cost: 0 })).toBeNull();
});

test("a room is idle after its days, and never with none", () => {
  expect(isIdle(DEFAULT_CAPS, 0, 14 * DAY - 1)).toBe(false);
  expect(isIdle(DEFAULT_CAPS, 0, 14 * DAY)).toBe(true);
  expect(isIdle({ ...DEFAULT_CAPS, idleDays: 0 }, 0, 999 * DAY)).toBe(false);
});

test.each([
  [{ runsPerDay: 0 }, /from 1 to 1440/],
  [{ runsPerDay: 1.5 }, /from 1 to 1440/],
  [{ costPerDay: -1 }, /not a positive number/],
  [{ costPerDay: Number.NaN }, /not a positive number/],
  [{ idleDays: -1 }, /from 0/],
])("%j is no cap", (wrong, problem) => {
  expect(capsProblem({ ...DEFAULT_CAPS, ...wrong })).toMatch(problem);
  expect(capsProblem(DEFAULT_CAPS)).toBeNull();
});

test.each([
  "API Error: 401 Invalid authentication credentials",
  "Authentication required",
  "Not logged in. Please run /login",
  "Invalid API key",
  "The program is not signed in: run `opencode auth login`",
])("%j is a failed sign-in", (words) => {
  expect(isSignInFailure(words)).toBe(true);
});

test.each(["The model reached its limit.", "exit code 1", "4010 files changed", "author unknown"])(
  "%j is not",
  (words) => {
    expect(isSignInFailure(words)).toBe(false);
  },
);
