import { describe, expect, test } from "vitest";
import { MAX_RECOVERIES, taskTransition } from "./lifecycle.ts";
import { isActive, isTerminal, returnEvent } from "./status.ts";
import type { TaskEffect } from "./lifecycle.ts";

const typesOf = (effects: readonly TaskEffect[]) => effects.map(({ type }) => type);
const crash = { epochEnded: true, cause: "process_exited", recoveries: 0 } as const;

describe("claiming", () => {
  const claim = { type: "claimTask", offered: true, sameHolder: false } as const;

  test("a claim is one attempt with one fresh token and a deadline for the start", () => {
    const { status, effects } = taskTransition("pending", claim);
    expect(status).toBe("acknowledged");
    expect(typesOf(effects)).toEqual([
      "countAttempt",
      "issueToken",
      "setHolder",
      "armAcknowledgedDeadline",
    ]);
  });

  test("a task that is held back cannot be claimed", () => {
    expect(taskTransition("pending", { ...claim, offered: false }).refused).toBe(true);
  });

  test("a holder whose reply was lost gets the task again without another attempt", () => {
    const again = taskTransition("acknowledged", { ...claim, sameHolder: true });
    expect(again).toEqual({
      status: "acknowledged",
      effects: [{ type: "issueToken" }],
      refused: false,
    });
    expect(taskTransition("acknowledged", claim).refused).toBe(true);
  });
});

describe("finishing", () => {
  test("a holder that starts and completes its task is occupied and then free", () => {
    const start = taskTransition("acknowledged", { type: "startTask", tokenValid: true });
    expect(typesOf(start.effects)).toContain("occupyHolder");
    const done = taskTransition("in_progress", { type: "completeTask", tokenValid: true });
    expect(done.status).toBe("completed");
    expect(typesOf(done.effects)).toEqual(expect.arrayContaining(["retireToken", "freeHolder"]));
  });

  test("a holder wrongly declared dead may still finish, without freeing whoever has its seat", () => {
    const done = taskTransition("pending", { type: "completeTask", tokenValid: true });
    expect(done.status).toBe("completed");
    expect(typesOf(done.effects)).not.toContain("freeHolder");
  });

  test.each(["pending", "acknowledged", "in_progress"] as const)(
    "a stale token completes no %s task",
    (status) => {
      const late = taskTransition(status, { type: "completeTask", tokenValid: false });
      expect(late).toEqual({ status, effects: [], refused: true });
    },
  );

  test("a task is completed once", () => {
    const twice = taskTransition("completed", { type: "completeTask", tokenValid: true });
    expect(twice.refused).toBe(true);
  });
});

describe("coming back", () => {
  test.each(["acknowledged", "in_progress"] as const)(
    "the holder that returns to its %s task resumes it without a new attempt",
    (was) => {
      const resume = { type: "resumeTask", sameHolder: true, tokenValid: true, was } as const;
      const { status, effects } = taskTransition("pending", resume);
      expect(status).toBe(was);
      expect(typesOf(effects)).not.toContain("countAttempt");
      expect(typesOf(effects).includes("occupyHolder")).toBe(was === "in_progress");
      expect(taskTransition("pending", { ...resume, tokenValid: false }).refused).toBe(true);
    },
  );

  test("a crash counts as a recovery and offers the task after a backoff", () => {
    const { status, effects } = taskTransition("in_progress", {
      type: "recoverOrphaned",
      ...crash,
    });
    expect(status).toBe("pending");
    expect(effects).toEqual([
      { type: "countRecovery" },
      { type: "clearHolder", was: "in_progress" },
      { type: "offer", backoff: true },
    ]);
  });

  test("a seat that changes hands is no crash", () => {
    const { effects } = taskTransition("in_progress", {
      type: "recoverOrphaned",
      ...crash,
      cause: "new_holder",
      recoveries: MAX_RECOVERIES,
    });
    expect(effects).toEqual([
      { type: "clearHolder", was: "in_progress" },
      { type: "offer", backoff: false },
    ]);
  });

  test("a task is not taken from a holder whose epoch still lives", () => {
    const event = { type: "recoverStuckAcknowledged", ...crash, epochEnded: false } as const;
    expect(taskTransition("acknowledged", event).refused).toBe(true);
  });

  test("after three recoveries the next crash gives the task up, and not before", () => {
    const exhaust = { type: "exhaust", ...crash, recoveries: MAX_RECOVERIES } as const;
    const { status, effects } = taskTransition("in_progress", exhaust);
    expect(status).toBe("dead_letter");
    expect(effects).toContainEqual({ type: "postDeadLetter", cause: "process_exited" });
    expect(taskTransition("in_progress", { ...exhaust, recoveries: 2 }).refused).toBe(true);
    const recover = { type: "recoverOrphaned", ...crash, recoveries: MAX_RECOVERIES } as const;
    expect(taskTransition("in_progress", recover).refused).toBe(true);
  });

  test("a person's retry of a dead letter starts with no recoveries and no valid token", () => {
    const { status, effects } = taskTransition("dead_letter", { type: "retryTask" });
    expect(status).toBe("pending");
    expect(typesOf(effects)).toEqual(["resetRecoveries", "retireToken", "offer"]);
  });
});

test("cancelling a held task asks the holder to end its turn, and does not free it yet", () => {
  const { status, effects } = taskTransition("in_progress", { type: "cancelTask" });
  expect(status).toBe("cancelled");
  expect(typesOf(effects)).toContain("stopTurn");
  expect(typesOf(effects)).not.toContain("freeHolder");
});

describe("returning the task of an epoch that ends", () => {
  test.each([
    ["left", "in_progress", 3, "pending"],
    ["new_holder", "acknowledged", 3, "pending"],
    ["lease_expired", "acknowledged", 2, "pending"],
    ["process_exited", "in_progress", 2, "pending"],
    ["process_exited", "in_progress", 3, "dead_letter"],
    ["parked_too_long", "acknowledged", 3, "dead_letter"],
  ] as const)("after %s, %s with %i recoveries becomes %s", (cause, status, recoveries, wanted) => {
    const event = returnEvent({ status, recoveries }, cause);
    expect(event && taskTransition(status, event)).toMatchObject({
      status: wanted,
      refused: false,
    });
  });

  test("there is nothing to return when nobody holds the task", () => {
    expect(returnEvent({ status: "pending", recoveries: 0 }, "process_exited")).toBeNull();
    expect(returnEvent({ status: "completed", recoveries: 0 }, "left")).toBeNull();
  });
});

test("a dead letter is terminal, a pending task is active", () => {
  expect(isTerminal("dead_letter")).toBe(true);
  expect(isActive("pending")).toBe(true);
  expect(isActive("cancelled")).toBe(false);
});
