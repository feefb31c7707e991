import { expect, test } from "vitest";
import { AGENT_TASKS_PER_HOUR, MAX_CHAIN_DEPTH, loopProblem } from "./loop-guard.ts";

test("the last handoff of a chain goes on, the next one waits for a person", () => {
  expect(loopProblem(MAX_CHAIN_DEPTH, 0)).toBeNull();
  expect(loopProblem(MAX_CHAIN_DEPTH + 1, 0)).toBe("its chain has 33 handoffs, more than 32");
});

test("the hour's last task goes on, the next one waits for a person", () => {
  expect(loopProblem(1, AGENT_TASKS_PER_HOUR - 1)).toBeNull();
  expect(loopProblem(1, AGENT_TASKS_PER_HOUR)).toMatch(/made 120 tasks within an hour/);
});
