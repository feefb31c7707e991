import {
  AGENT_STATUSES,
  DESIRED,
  HEARTBEAT_ANSWERS,
  HELD_TASK_STATUSES,
  LEASE_PHASES,
  TASK_STATUSES,
} from "@muster/core";
import type { AskedBy } from "@muster/core";
import { v } from "convex/values";
import type { VLiteral, VUnion } from "convex/values";

/** A union of string literals, derived from the one list that defines them. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
): VUnion<Value, VLiteral<Value>[]> {
  return v.union<VLiteral<Value>[]>(...values.map((value) => v.literal(value)));
}

export const agentStatus = oneOf(AGENT_STATUSES);
export const taskStatus = oneOf(TASK_STATUSES);
export const heldTaskStatus = oneOf(HELD_TASK_STATUSES);
export const desired = oneOf(DESIRED);
export const leasePhase = oneOf(LEASE_PHASES);

export const credentialKind = oneOf(["person", "machine", "agent"]);
/**
 * send: write, retry and cancel; manage: configure, start and stop agents; seat: sit down in a role; approve:
 * answer permission questions. A room's owner has all of them.
 */
export const RIGHTS = ["send", "manage", "seat", "approve"] as const;
export const right = oneOf(RIGHTS);
export const agentType = oneOf(["remote", "custom"]);
export const messageType = oneOf([
  "message",
  "handoff",
  "progress",
  "question",
  "notice",
  "summary",
  "system",
]);
export const commandKind = oneOf(["start-agent", "stop-agent", "kill-agent"]);
/** Who wanted a command; a person's start gives an agent that was given up a fresh trial. */
export const askedBy = oneOf<AskedBy>(["nobody", "message", "person"]);
export const commandStatus = oneOf(["pending", "claimed", "done", "failed", "expired"]);
export const beatAnswer = oneOf(HEARTBEAT_ANSWERS);

export const sender = v.object({
  kind: oneOf(["person", "agent", "system"]),
  name: v.string(),
});

/** A program of a machine; with `problem` it is known there, but cannot be used until `command` mends it. */
export const harness = v.object({
  name: v.string(),
  version: v.string(),
  problem: v.optional(v.object({ message: v.string(), command: v.string() })),
});

/** What an agent does right now, and since when. */
export const activity = v.object({ text: v.string(), since: v.number() });

export const lastExit = v.object({
  code: v.union(v.number(), v.null()),
  signal: v.union(v.string(), v.null()),
  tail: v.string(),
  at: v.number(),
});

/** What a machine tells about a seat it runs. */
export const statusReport = v.union(
  v.object({ type: v.literal("restart_initiated") }),
  v.object({
    type: v.literal("process_exited"),
    code: v.union(v.number(), v.null()),
    signal: v.union(v.string(), v.null()),
    tail: v.string(),
    asked: v.boolean(),
  }),
  v.object({ type: v.literal("restart_exhausted"), reason: v.string() }),
  v.object({ type: v.literal("leave"), reason: v.string() }),
);

/** `agentSecret` comes with an accepted `restart_initiated`, this once. */
export const statusAnswer = v.object({
  accepted: v.boolean(),
  agentStatus,
  epoch: v.number(),
  agentSecret: v.optional(v.string()),
});

/**
 * How a claimed task reaches its holder; `text` is the whole delivery, rules and next command included. `request` is what
 * `from` said, without them: for a program that drives an agent, and for no model.
 */
export const delivery = v.object({
  task: v.object({
    id: v.id("tasks"),
    role: v.string(),
    text: v.string(),
    attempt: v.number(),
    resumed: v.boolean(),
    from: sender,
    request: v.string(),
  }),
  token: v.string(),
});

/** A task as the room sees it. */
export const taskView = v.object({
  _id: v.id("tasks"),
  role: v.string(),
  status: taskStatus,
  text: v.string(),
  from: sender,
  attempt: v.number(),
  recoveries: v.number(),
  notBefore: v.union(v.number(), v.null()),
  heldBy: v.union(v.string(), v.null()),
  reason: v.union(v.string(), v.null()),
  originMessageId: v.union(v.id("messages"), v.null()),
  createdAt: v.number(),
});

/** One role of the team. `type` to `workingDir` are null for a role that has no agent yet. */
export const seatView = v.object({
  role: v.string(),
  agentStatus,
  since: v.union(v.number(), v.null()),
  reason: v.string(),
  starting: v.boolean(),
  type: v.union(agentType, v.null()),
  desired: v.union(desired, v.null()),
  harness: v.union(v.string(), v.null()),
  scripted: v.boolean(),
  machineId: v.union(v.id("machines"), v.null()),
  machineName: v.union(v.string(), v.null()),
  machineConnected: v.union(v.boolean(), v.null()),
  model: v.union(v.string(), v.null()),
  workingDir: v.union(v.string(), v.null()),
  epoch: v.number(),
  pid: v.union(v.number(), v.null()),
  startedAt: v.union(v.number(), v.null()),
  lastExit: v.union(lastExit, v.null()),
  activity: v.union(activity, v.null()),
  needsYou: v.boolean(),
  stalled: v.boolean(),
  parkedUntil: v.union(v.number(), v.null()),
  currentTaskId: v.union(v.id("tasks"), v.null()),
  /** The current task was cancelled, but its turn has not ended yet. */
  cancelling: v.boolean(),
});

/** Whom a message wakes, or why nobody: shown to its sender. */
export const wakes = v.object({
  role: v.string(),
  agentStatus,
  desired: v.union(desired, v.null()),
  note: v.string(),
});

export const messageView = v.object({
  _id: v.id("messages"),
  seq: v.number(),
  sender,
  type: messageType,
  text: v.string(),
  target: v.union(v.string(), v.null()),
  taskId: v.union(v.id("tasks"), v.null()),
  at: v.number(),
  /** Of an OK of a schedule: a quiet line, which not everybody wants to see. */
  quiet: v.optional(v.boolean()),
});

/** Arguments by which an agent's write names its seat and its generation. */
export const seat = { room: v.string(), role: v.string(), epoch: v.number() };
/** … and the fence of one task attempt. */
export const claim = { ...seat, taskId: v.string(), token: v.string() };
