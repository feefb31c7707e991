import * as fc from "fast-check";
import { expect, test } from "vitest";
import { edgesOf } from "../diagram.ts";
import { AGENT_EVENTS, AGENT_STATUSES, isLive } from "./lifecycle.ts";
import { agentLifecycle, agentTransition } from "./lifecycle.ts";
import type { AgentEffect, AgentEvent, AgentEventType, AgentStatus } from "./lifecycle.ts";

/** The table of the agent's lifecycle, stated apart from the code: event → [from, to] pairs. */
const live = ["ready", "working"] as const;
const down = ["offline", "restarting", "dead", "dead_failed_revive"] as const;
const TABLE: Record<AgentEventType, readonly (readonly [AgentStatus, AgentStatus])[]> = {
  join: AGENT_STATUSES.flatMap((from) => live.map((to) => [from, to] as const)),
  task_started: [["ready", "working"]],
  task_released: [
    ["ready", "ready"],
    ["working", "ready"],
  ],
  heartbeat_expired: live.map((from) => [from, "dead"] as const),
  gap_expired: [["ready", "offline"]],
  process_exited: [...live, "restarting" as const].map((from) => [from, "dead"] as const),
  restart_initiated: down.map((from) => [from, "restarting"] as const),
  restart_expired: [["restarting", "dead"]],
  restart_exhausted: [
    ["restarting", "dead_failed_revive"],
    ["dead", "dead_failed_revive"],
  ],
  leave: AGENT_STATUSES.filter((from) => from !== "offline").map(
    (from) => [from, "offline"] as const,
  ),
  cleanup: [
    ["dead", "offline"],
    ["dead_failed_revive", "offline"],
  ],
};

const desired = fc.constantFrom("running" as const, "stopped" as const);
const anyEvent: fc.Arbitrary<AgentEvent> = fc.oneof(
  fc.record({
    type: fc.constant("join" as const),
    sameHolder: fc.boolean(),
    desired,
    holdsStartedTask: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("process_exited" as const),
    asked: fc.boolean(),
    currentEpoch: fc.boolean(),
    code: fc.constant(1),
    signal: fc.constant(null),
  }),
  fc.record({
    type: fc.constant("restart_initiated" as const),
    desired,
    askedByPerson: fc.boolean(),
  }),
  fc.constant({ type: "restart_exhausted" as const, starts: 3 }),
  fc.record({ type: fc.constant("leave" as const), stopped: fc.boolean() }),
  fc.constantFrom<AgentEvent>(
    { type: "task_started" },
    { type: "task_released" },
    { type: "heartbeat_expired" },
    { type: "gap_expired" },
    { type: "restart_expired" },
    { type: "cleanup" },
  ),
);

/** A participant's row as the effects leave it. */
type Row = { epoch: number; held: boolean; lease: "none" | "lease" | "deadline" };

function carryOut(row: Row, effects: readonly AgentEffect[]): void {
  for (const { type } of effects) {
    if (type === "bumpEpoch") row.epoch += 1;
    if (type === "setHolder") row.held = true;
    if (type === "clearHolder") row.held = false;
    if (type === "grantLease") row.lease = "lease";
    if (type === "armRestartDeadline") row.lease = "deadline";
    if (type === "dropLease") row.lease = "none";
  }
}

function leaseOf(status: AgentStatus): Row["lease"] {
  if (isLive(status)) return "lease";
  return status === "restarting" ? "deadline" : "none";
}

test("the agent's lifecycle has the transitions of its table, and no other", () => {
  const declared = edgesOf(agentLifecycle).map(
    ({ event, from, to }) => `${event}: ${from} → ${to}`,
  );
  const wanted = AGENT_EVENTS.flatMap((event) =>
    TABLE[event].map(([from, to]) => `${event}: ${from} → ${to}`),
  );
  expect([...new Set(declared)].toSorted()).toEqual(wanted.toSorted());
});

test("in any run of events an agent moves along the table, and a refusal changes nothing", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let status: AgentStatus = "offline";
      for (const event of events) {
        const next = agentTransition(status, event);
        const moved = TABLE[event.type].some(([from, to]) => from === status && to === next.status);
        const unchanged = next.status === status && next.effects.length === 0;
        expect(next.refused ? unchanged : moved).toBe(true);
        status = next.status;
      }
    }),
  );
});

test("in any run exactly the live have a lease, the starting a deadline, and epochs only rise", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let status: AgentStatus = "offline";
      const row: Row = { epoch: 0, held: false, lease: "none" };
      for (const event of events) {
        const { epoch } = row;
        const next = agentTransition(status, event);
        carryOut(row, next.effects);
        status = next.status;
        expect(row.lease).toBe(leaseOf(status));
        expect(row.epoch).toBeGreaterThanOrEqual(epoch);
        expect(row.lease === "lease" && !row.held).toBe(false);
      }
    }),
  );
});

test("in any run an agent stops being live only after its task was given back", () => {
  fc.assert(
    fc.property(fc.constantFrom(...live), anyEvent, (status, event) => {
      const next = agentTransition(status, event);
      expect(isLive(next.status) || next.effects[0]?.type === "returnTask").toBe(true);
    }),
  );
});
