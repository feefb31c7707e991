import { describe, expect, test } from "vitest";
import { agentTransition } from "./lifecycle.ts";
import type { AgentEffect, AgentEvent, AgentStatus } from "./lifecycle.ts";

const join = {
  type: "join",
  sameHolder: true,
  desired: "running",
  holdsStartedTask: false,
} as const;
const exit = {
  type: "process_exited",
  asked: false,
  currentEpoch: true,
  code: null,
  signal: "SIGKILL",
} as const;
const restart = { type: "restart_initiated", desired: "running", askedByPerson: false } as const;

const after = (status: AgentStatus, event: AgentEvent) => agentTransition(status, event);
const typesOf = (effects: readonly AgentEffect[]) => effects.map(({ type }) => type);

describe("joining", () => {
  test("linus joins for the first time and is ready, with a new epoch and a lease", () => {
    const { status, effects } = after("offline", { ...join, sameHolder: false });
    expect(status).toBe("ready");
    expect(typesOf(effects)).toEqual(
      expect.arrayContaining(["bumpEpoch", "setHolder", "grantLease"]),
    );
  });

  test("the same holder that still has its started task goes on working in its epoch", () => {
    const { status, effects } = after("working", { ...join, holdsStartedTask: true });
    expect(status).toBe("working");
    expect(typesOf(effects)).toEqual(["setHolder", "grantLease"]);
  });

  test("a new holder makes the old holder's task go back before the epoch rises", () => {
    const { status, effects } = after("working", {
      ...join,
      sameHolder: false,
      holdsStartedTask: true,
    });
    expect(status).toBe("ready");
    expect(effects[0]).toEqual({ type: "returnTask", cause: "new_holder" });
    expect(typesOf(effects).indexOf("returnTask")).toBeLessThan(
      typesOf(effects).indexOf("bumpEpoch"),
    );
  });

  test("nobody joins an agent that people want stopped", () => {
    expect(after("offline", { ...join, desired: "stopped" })).toEqual({
      status: "offline",
      effects: [],
      refused: true,
    });
  });

  test("the process that a start was minted for joins without another epoch", () => {
    const { status, effects } = after("restarting", join);
    expect(status).toBe("ready");
    expect(typesOf(effects)).not.toContain("bumpEpoch");
  });
});

describe("work", () => {
  test("a ready agent that starts a task works, and is ready when the task is released", () => {
    expect(after("ready", { type: "task_started" }).status).toBe("working");
    expect(after("working", { type: "task_released" }).status).toBe("ready");
  });

  test("releasing a task that was never started is accepted and leaves linus ready", () => {
    expect(after("ready", { type: "task_released" })).toMatchObject({
      status: "ready",
      refused: false,
    });
  });

  test("a task released after its agent died does not bring the agent back", () => {
    expect(after("dead", { type: "task_released" }).refused).toBe(true);
  });
});

describe("dying", () => {
  test.each(["ready", "working"] as const)("a %s agent whose lease runs out is dead", (status) => {
    const { status: next, effects } = after(status, { type: "heartbeat_expired" });
    expect(next).toBe("dead");
    expect(effects).toContainEqual({ type: "returnTask", cause: "lease_expired" });
    expect(typesOf(effects)).toContain("dropLease");
  });

  test("a parked agent that stops asking for work is offline, not dead", () => {
    expect(after("ready", { type: "gap_expired" }).status).toBe("offline");
    expect(after("working", { type: "gap_expired" }).refused).toBe(true);
  });

  test("a killed process leaves its exit on the participant", () => {
    const { status, effects } = after("working", { ...exit, tail: "out of memory" });
    expect(status).toBe("dead");
    expect(effects).toContainEqual({
      type: "recordExit",
      code: null,
      signal: "SIGKILL",
      tail: "out of memory",
    });
  });

  test.each([
    ["that was asked for", { ...exit, asked: true }],
    ["of an older epoch", { ...exit, currentEpoch: false }],
  ])("the exit of a process %s kills nobody", (_, report) => {
    expect(after("working", report)).toEqual({ status: "working", effects: [], refused: true });
  });

  test("an exit that is reported twice counts once", () => {
    expect(after("dead", exit).refused).toBe(true);
  });
});

describe("restarting", () => {
  test("a dead agent that its machine starts gets a new epoch, a credential and a deadline", () => {
    const { status, effects } = after("dead", restart);
    expect(status).toBe("restarting");
    expect(typesOf(effects)).toEqual([
      "bumpEpoch",
      "clearHolder",
      "issueCredential",
      "armRestartDeadline",
      "markStarting",
    ]);
    expect(effects).toContainEqual({ type: "markStarting", starting: false });
  });

  test("each further spawn arms the deadline anew", () => {
    const { effects, refused } = after("restarting", { ...restart, askedByPerson: true });
    expect(refused).toBe(false);
    expect(effects).toContainEqual({ type: "armRestartDeadline" });
    expect(effects).toContainEqual({ type: "markStarting", starting: true });
  });

  test.each(["offline", "restarting", "dead", "dead_failed_revive"] as const)(
    "nothing starts a %s agent that people want stopped",
    (status) => {
      expect(after(status, { ...restart, desired: "stopped" }).refused).toBe(true);
    },
  );

  test.each(["ready", "working"] as const)("a %s agent is never started on top", (status) => {
    expect(after(status, restart).refused).toBe(true);
  });

  test("a start that never joins ends dead, even if its machine is gone", () => {
    expect(after("restarting", { type: "restart_expired" }).status).toBe("dead");
  });

  test.each(["restarting", "dead"] as const)(
    "a %s agent whose restarts are used up is unrecoverable until someone starts it",
    (status) => {
      const { status: next } = after(status, { type: "restart_exhausted", starts: 3 });
      expect(next).toBe("dead_failed_revive");
      expect(after(next, { ...restart, askedByPerson: true }).status).toBe("restarting");
    },
  );
});

test("a working agent that leaves gives its task back and is offline", () => {
  const { status, effects } = after("working", { type: "leave", stopped: true });
  expect(status).toBe("offline");
  expect(effects).toContainEqual({ type: "returnTask", cause: "left" });
});

test("an agent that was dead for long is cleaned up, a live one never is", () => {
  expect(after("dead", { type: "cleanup" }).status).toBe("offline");
  expect(after("dead_failed_revive", { type: "cleanup" }).status).toBe("offline");
  expect(after("ready", { type: "cleanup" }).refused).toBe(true);
});

test("a status that no lifecycle knows is an error, not a refusal", () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  expect(() => after("sleeping" as AgentStatus, join)).toThrow(/sleeping/);
});
