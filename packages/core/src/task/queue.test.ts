import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isOffered, nextTask } from "./queue.ts";
import type { QueuedTask } from "./queue.ts";

const now = 1_000;
const task = (offered: number, facts: Partial<QueuedTask> = {}): QueuedTask => ({
  status: "pending",
  offered,
  attempt: 0,
  fromPerson: false,
  ...facts,
});

test("the task offered longest ago is next", () => {
  const [older, newer] = [task(1), task(2)];
  expect(nextTask([newer, older], now)).toBe(older);
});

test("a person's new task overtakes retries, but not what waits since before it for the first time", () => {
  const retry = task(1, { attempt: 1 });
  const handoff = task(2);
  const adas = task(3, { fromPerson: true });
  expect(nextTask([retry, adas], now)).toBe(adas);
  expect(nextTask([handoff, adas], now)).toBe(handoff);
});

test("a retry goes before younger tasks of agents", () => {
  const retry = task(1, { attempt: 1 });
  expect(nextTask([task(2), retry], now)).toBe(retry);
});

test("a task in backoff or held by a budget blocks nobody behind it", () => {
  const parked = task(1, { attempt: 1, notBefore: now + 1 });
  const held = task(2, { heldBy: "budget" });
  const next = task(3);
  expect(nextTask([parked, held, next], now)).toBe(next);
  expect(nextTask([parked, held], now)).toBeUndefined();
  expect(isOffered(parked, now + 1)).toBe(true);
});

test("what somebody holds already is not offered", () => {
  expect(nextTask([task(1, { status: "acknowledged" })], now)).toBeUndefined();
});

test("while anything is offered something is next, and it does not depend on the order of the list", () => {
  const anyTask = fc.record<QueuedTask>({
    status: fc.constantFrom("pending", "in_progress"),
    offered: fc.nat(),
    attempt: fc.nat({ max: 1 }),
    fromPerson: fc.boolean(),
    notBefore: fc.option(fc.nat({ max: 2 * now }), { nil: undefined }),
  });
  const tasks = fc.uniqueArray(anyTask, { selector: ({ offered }) => offered });
  fc.assert(
    fc.property(tasks, (queue) => {
      const next = nextTask(queue, now);
      expect(next !== undefined).toBe(queue.some((queued) => isOffered(queued, now)));
      expect(nextTask(queue.toReversed(), now)).toBe(next);
    }),
  );
});
