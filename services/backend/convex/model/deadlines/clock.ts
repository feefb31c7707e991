import { leaseLength } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { timing } from "../timing.ts";

const BATCH = 256;
/** A lease that was renewed so much later than now was renewed by a clock that has been set back since. */
const AHEAD_MS = 1_000;

/** Whether the server's clock was set back since this lease was renewed. */
export function wasAhead(lease: Doc<"leases"> | null): boolean {
  return lease !== null && lease.renewedAt > Date.now() + AHEAD_MS;
}

/**
 * Deadlines are moments of the server's clock. One that is further away than any of its kind can be was set by a clock
 * that has been set back since: it begins anew, so that nothing is seen later than its whole length from now. What
 * schedules and questions wait for stays: those are times of people.
 */
export async function mendDeadlines(ctx: MutationCtx): Promise<void> {
  const now = Date.now();
  await mendLeases(ctx, now);
  await mendTasks(ctx, now);
  const { RESTART_DEADLINE_MS, APPROVAL_DEADLINE_MS } = timing();
  const commands = await ctx.db
    .query("commands")
    .withIndex("by_deadline", (q) => q.gt("deadline", now + RESTART_DEADLINE_MS))
    .take(BATCH);
  for (const { _id } of commands)
    await ctx.db.patch("commands", _id, { deadline: now + RESTART_DEADLINE_MS });
  const approvals = await ctx.db
    .query("approvals")
    .withIndex("by_deadline", (q) => q.gt("deadline", now + APPROVAL_DEADLINE_MS))
    .take(BATCH);
  for (const { _id, kind } of approvals)
    if (kind !== "question")
      await ctx.db.patch("approvals", _id, { deadline: now + APPROVAL_DEADLINE_MS });
}

/** Those that end last come first: what is right follows what is impossible. */
async function mendLeases(ctx: MutationCtx, now: number): Promise<void> {
  const leases = await ctx.db
    .query("leases")
    .withIndex("by_readyUntil", (q) => q.gt("readyUntil", now))
    .order("desc")
    .take(BATCH);
  for (const { _id, machineId, phase, readyUntil: until } of leases) {
    const { DAEMON_HEARTBEAT_TTL_MS } = timing();
    const length = machineId === undefined ? leaseLength(phase, timing()) : DAEMON_HEARTBEAT_TTL_MS;
    const readyUntil = now + length;
    if (until !== null && until > readyUntil)
      await ctx.db.patch("leases", _id, { readyUntil, renewedAt: now });
  }
}

async function mendTasks(ctx: MutationCtx, now: number): Promise<void> {
  const { TASK_STALLED_MS, TASK_PENDING_TIMEOUT_MS, BACKOFF_MAX_MS } = timing();
  const due = await ctx.db
    .query("tasks")
    .withIndex("by_dueAt", (q) => q.gt("dueAt", now + TASK_STALLED_MS))
    .take(BATCH);
  for (const { _id } of due)
    await ctx.db.patch("tasks", _id, { dueAt: now + TASK_PENDING_TIMEOUT_MS });
  const backedOff = await ctx.db
    .query("tasks")
    .withIndex("by_notBefore", (q) => q.gt("notBefore", now + BACKOFF_MAX_MS))
    .take(BATCH);
  for (const { _id, tickId } of backedOff)
    if (tickId === undefined) await ctx.db.patch("tasks", _id, { notBefore: now + BACKOFF_MAX_MS });
}
