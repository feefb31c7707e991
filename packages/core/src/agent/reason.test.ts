import { expect, test } from "vitest";
import { AGENT_EVENTS } from "./lifecycle.ts";
import type { AgentEvent, AgentEventType } from "./lifecycle.ts";
import { agentReason } from "./reason.ts";

const exit = { type: "process_exited", asked: false, currentEpoch: true } as const;

const EVENTS: Record<AgentEventType, AgentEvent> = {
  join: { type: "join", sameHolder: true, desired: "running", holdsStartedTask: false },
  task_started: { type: "task_started" },
  task_released: { type: "task_released" },
  heartbeat_expired: { type: "heartbeat_expired" },
  gap_expired: { type: "gap_expired" },
  process_exited: { ...exit, code: 1, signal: null },
  restart_initiated: { type: "restart_initiated", desired: "running", askedByPerson: false },
  restart_expired: { type: "restart_expired" },
  restart_exhausted: { type: "restart_exhausted", starts: 3 },
  leave: { type: "leave", stopped: false },
  cleanup: { type: "cleanup" },
};

test("every way to a status has its reason, and no two say the same", () => {
  const reasons = AGENT_EVENTS.map((type) => agentReason(EVENTS[type]));
  expect(reasons).not.toContain("");
  expect(new Set(reasons).size).toBe(AGENT_EVENTS.length);
});

test("an exit is told by its signal, else by its code, else as such", () => {
  expect(agentReason({ ...exit, code: null, signal: "SIGKILL" })).toBe(
    "its process was ended by SIGKILL",
  );
  expect(agentReason({ ...exit, code: 70, signal: null })).toBe("its process ended with code 70");
  expect(agentReason({ ...exit, code: null, signal: null })).toBe("its process ended");
});
