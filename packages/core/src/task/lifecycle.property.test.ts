import * as fc from "fast-check";
import { expect, test } from "vitest";
import { edgesOf } from "../diagram.ts";
import { MAX_RECOVERIES, RETURN_CAUSES, TASK_TRIGGERS } from "./lifecycle.ts";
import { taskLifecycle, taskTransition } from "./lifecycle.ts";
import { isHeld, returnEvent } from "./status.ts";
import type { HeldTaskStatus, TaskEvent, TaskStatus, TaskTrigger } from "./lifecycle.ts";

/** The table of the task's lifecycle, stated apart from the code: trigger → [from, to] pairs. */
const TABLE: Record<TaskTrigger, readonly (readonly [TaskStatus, TaskStatus])[]> = {
  claimTask: [
    ["pending", "acknowledged"],
    ["acknowledged", "acknowledged"],
  ],
  startTask: [["acknowledged", "in_progress"]],
  completeTask: [
    ["pending", "completed"],
    ["acknowledged", "completed"],
    ["in_progress", "completed"],
  ],
  resumeTask: [
    ["pending", "acknowledged"],
    ["pending", "in_progress"],
  ],
  releaseTask: [
    ["acknowledged", "pending"],
    ["in_progress", "pending"],
  ],
  recoverOrphaned: [["in_progress", "pending"]],
  recoverStuckAcknowledged: [["acknowledged", "pending"]],
  exhaust: [
    ["acknowledged", "dead_letter"],
    ["in_progress", "dead_letter"],
  ],
  retryTask: [["dead_letter", "pending"]],
  cancelTask: [
    ["pending", "cancelled"],
    ["acknowledged", "cancelled"],
    ["in_progress", "cancelled"],
  ],
};

/** A task's row as the effects leave it; tokens are numbered in the order they were issued. */
type Row = {
  status: TaskStatus;
  attempt: number;
  recoveries: number;
  issued: number;
  valid: number | null;
  was: HeldTaskStatus;
  completions: number;
};

/** What may be tried on a task: a caller shows one of the tokens ever issued, mostly not the last. */
type Move = (row: Row) => TaskEvent | null;

const isValid = (row: Row, age: number) => row.valid !== null && row.valid === row.issued - age;
const age = fc.nat({ max: 2 });
const cause = fc.constantFrom(...RETURN_CAUSES);
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  fc.tuple(fc.boolean(), fc.boolean()).map(([offered, sameHolder]): Move => () => ({
    type: "claimTask",
    offered,
    sameHolder,
  })),
  fc
    .tuple(fc.constantFrom("startTask", "completeTask", "releaseTask"), age)
    .map(([type, old]): Move => (row) => ({ type, tokenValid: isValid(row, old) })),
  fc.tuple(fc.boolean(), age).map(([sameHolder, old]): Move => (row) => ({
    type: "resumeTask",
    sameHolder,
    tokenValid: isValid(row, old),
    was: row.was,
  })),
  cause.map(
    (why): Move =>
      (row) =>
        returnEvent(row, why),
  ),
  fc
    .tuple(
      fc.constantFrom("recoverOrphaned", "recoverStuckAcknowledged", "exhaust"),
      fc.boolean(),
      cause,
    )
    .map(([type, epochEnded, why]): Move => (row) => ({
      type,
      epochEnded,
      cause: why,
      recoveries: row.recoveries,
    })),
  fc.constantFrom<Move>(
    () => ({ type: "retryTask" }),
    () => ({ type: "cancelTask" }),
  ),
);

type Did = { readonly refused: boolean; readonly from: TaskStatus; readonly effects: number };

function apply(row: Row, event: TaskEvent): Did {
  const from = row.status;
  const { status, effects, refused } = taskTransition(from, event);
  row.status = status;
  if (!refused && event.type === "completeTask") row.completions += 1;
  for (const effect of effects) {
    if (effect.type === "countAttempt") row.attempt += 1;
    if (effect.type === "issueToken") row.valid = row.issued += 1;
    if (effect.type === "retireToken") row.valid = null;
    if (effect.type === "countRecovery") row.recoveries += 1;
    if (effect.type === "resetRecoveries") row.recoveries = 0;
    if (effect.type === "clearHolder") row.was = effect.was;
  }
  return { refused, from, effects: effects.length };
}

function inAnyRun(check: (row: Row, event: TaskEvent, did: Did) => void) {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 60 }), (moves) => {
      const row: Row = {
        status: "pending",
        attempt: 0,
        recoveries: 0,
        issued: 0,
        valid: null,
        was: "acknowledged",
        completions: 0,
      };
      for (const move of moves) {
        const event = move(row);
        if (event !== null) check(row, event, apply(row, event));
      }
    }),
  );
}

test("the task's lifecycle has the transitions of its table, and no other", () => {
  const declared = edgesOf(taskLifecycle).map(({ event, from, to }) => `${event}: ${from} → ${to}`);
  const wanted = TASK_TRIGGERS.flatMap((trigger) =>
    TABLE[trigger].map(([from, to]) => `${trigger}: ${from} → ${to}`),
  );
  expect([...new Set(declared)].toSorted()).toEqual(wanted.toSorted());
});

test("in any run a task moves along the table, and a refusal changes nothing", () => {
  inAnyRun((row, event, { from, refused, effects }) => {
    const moved = TABLE[event.type].some((edge) => edge[0] === from && edge[1] === row.status);
    const unchanged = row.status === from && effects === 0;
    expect(refused ? unchanged : moved).toBe(true);
  });
});

test("in any run completed and cancelled are final, and a person alone leaves dead_letter", () => {
  inAnyRun((row, event, { from }) => {
    const left = row.status !== from;
    expect(left && (from === "completed" || from === "cancelled")).toBe(false);
    expect(left && from === "dead_letter" && event.type !== "retryTask").toBe(false);
  });
});

test("in any run a task is completed at most once and only its last token is valid", () => {
  inAnyRun((row) => {
    expect(row.completions).toBeLessThanOrEqual(1);
    expect([null, row.issued]).toContain(row.valid);
    expect(isHeld(row.status) && row.valid === null).toBe(false);
    const over = row.status === "completed" || row.status === "cancelled";
    expect(over && row.valid !== null).toBe(false);
  });
});

test("in any run recoveries stay within their bound and every attempt has a token", () => {
  inAnyRun((row, event, { refused }) => {
    expect(row.recoveries).toBeLessThanOrEqual(MAX_RECOVERIES);
    const gaveUp = !refused && event.type === "exhaust";
    expect(gaveUp && row.recoveries < MAX_RECOVERIES).toBe(false);
    expect(isHeld(row.status) && row.attempt === 0).toBe(false);
    expect(row.attempt).toBeLessThanOrEqual(row.issued);
  });
});
