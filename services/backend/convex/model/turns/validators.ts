import {
  APPROVAL_STATUSES,
  ASKED_KINDS,
  OPTION_KINDS,
  PLAN_ENTRY_STATUSES,
  REPORTED_STOP_REASONS,
  STOP_REASONS,
  TOOL_STATUSES,
  TURN_STATUSES,
} from "@muster/core";
import { v } from "convex/values";
import { oneOf } from "../validators.ts";

export const turnStatus = oneOf(TURN_STATUSES);
export const stopReason = oneOf(STOP_REASONS);
export const reportedStopReason = oneOf(REPORTED_STOP_REASONS);
export const approvalStatus = oneOf(APPROVAL_STATUSES);
export const askedKind = oneOf(ASKED_KINDS);

const said = { kind: oneOf(["text", "thought", "notice"]), body: v.string() };
const tool = {
  kind: v.literal("tool"),
  /** Told again with the same id whenever something about the call changes. */
  body: v.object({
    id: v.string(),
    title: v.string(),
    status: oneOf(TOOL_STATUSES),
    output: v.optional(v.string()),
  }),
};
const plan = {
  kind: v.literal("plan"),
  /** The whole plan; each replaces the one before. */
  body: v.object({
    entries: v.array(v.object({ text: v.string(), status: oneOf(PLAN_ENTRY_STATUSES) })),
  }),
};

/** What a harness says or does in a turn, redacted where it was read. */
export const turnEvent = v.union(v.object(said), v.object(tool), v.object(plan));
const place = { seq: v.number(), at: v.number() };
export const turnEventView = v.union(
  v.object({ ...place, ...said }),
  v.object({ ...place, ...tool }),
  v.object({ ...place, ...plan }),
);

/** What a turn has used up so far, as far as its harness tells. */
export const usage = v.object({
  inputTokens: v.optional(v.number()),
  outputTokens: v.optional(v.number()),
  cost: v.optional(v.object({ amount: v.number(), currency: v.string() })),
});

/** `graceMs`: how long the turn may go on once its task is over. */
export const begunTurn = v.object({ turnId: v.id("turns"), graceMs: v.number() });

export const turnView = v.object({
  _id: v.id("turns"),
  role: v.string(),
  taskId: v.id("tasks"),
  attempt: v.number(),
  epoch: v.number(),
  harness: v.string(),
  status: turnStatus,
  stopReason: v.union(stopReason, v.null()),
  error: v.union(v.string(), v.null()),
  usage,
  /** How many events it had, and how many of the first are not kept any more. */
  events: v.number(),
  dropped: v.number(),
  startedAt: v.number(),
  endedAt: v.union(v.number(), v.null()),
});

export const option = v.object({
  optionId: v.string(),
  name: v.string(),
  kind: oneOf(OPTION_KINDS),
});

/** How something that was asked stands, for whoever waits for the answer. */
export const standing = v.object({
  status: approvalStatus,
  optionId: v.union(v.string(), v.null()),
  answer: v.union(v.string(), v.null()),
  answeredBy: v.union(v.string(), v.null()),
});

/**
 * What is asked, as the people of its room see it. An approval has options and is answered by the id of one; a
 * question has none, and choices or not.
 */
export const approvalView = v.object({
  _id: v.id("approvals"),
  kind: askedKind,
  roomId: v.id("rooms"),
  roomName: v.string(),
  role: v.string(),
  taskId: v.id("tasks"),
  turnId: v.union(v.id("turns"), v.null()),
  title: v.string(),
  detail: v.string(),
  options: v.array(option),
  choices: v.array(v.string()),
  status: approvalStatus,
  askedAt: v.number(),
  deadline: v.union(v.number(), v.null()),
  optionId: v.union(v.string(), v.null()),
  answer: v.union(v.string(), v.null()),
  answeredBy: v.union(v.string(), v.null()),
  closedAt: v.union(v.number(), v.null()),
});

export const diff = v.object({
  base: v.string(),
  head: v.string(),
  commits: v.array(v.object({ hash: v.string(), subject: v.string() })),
  files: v.array(
    v.object({
      path: v.string(),
      added: v.number(),
      removed: v.number(),
      patch: v.optional(v.string()),
    }),
  ),
  totals: v.object({
    commits: v.number(),
    files: v.number(),
    added: v.number(),
    removed: v.number(),
  }),
  truncated: v.boolean(),
});
