import { APPROVALS_KEPT_MS, DIFFS_KEPT_MS, TURN_EVENTS_KEPT_MS } from "@muster/core";
import type { MutationCtx } from "../../_generated/server.js";
import { deadlineWorker, schedule } from "./arming.ts";
import { mendDeadlines } from "./clock.ts";
import { earliest } from "./deadlines.ts";
import * as participants from "../seats/participants.ts";
import { prune } from "../schedules/pruning.ts";
import { watch } from "../schedules/ticking.ts";
import { seated } from "../seats/seated.ts";
import { timing } from "../timing.ts";

const BATCH = 64;
/** A diff may have hundreds of kilobytes. */
const DIFFS = 8;
const DAY_MS = 24 * 3_600_000;

/** What nobody needs any more goes, and a deadline worker whose chain broke goes on. */
export async function cleanup(ctx: MutationCtx): Promise<null> {
  await watch(ctx);
  await mendAll(ctx);
  await forgetDead(ctx);
  await pruneEnded(ctx);
  await prune(ctx);
  return null;
}

/** Deadlines of a clock that was set back, and a worker that would come too late for what is due. */
export async function mendAll(ctx: MutationCtx): Promise<void> {
  await mendDeadlines(ctx);
  await mendChain(ctx);
}

/**
 * A run that is only late is left alone: it is the one that knows how long the backend was away. One that would
 * come too late for what is due by then is replaced.
 */
async function mendChain(ctx: MutationCtx): Promise<void> {
  const worker = await deadlineWorker(ctx);
  const scheduled =
    worker?.scheduledId === undefined
      ? null
      : await ctx.db.system.get("_scheduled_functions", worker.scheduledId);
  const alive = scheduled?.state.kind === "pending" || scheduled?.state.kind === "inProgress";
  const next = await earliest(ctx);
  if (next === null) return;
  if (alive && worker !== null && worker.armedFor !== null && worker.armedFor <= next) return;
  await schedule(ctx, worker, Math.max(next, Date.now()));
}

/** What has been dead for a day is offline. */
async function forgetDead(ctx: MutationCtx): Promise<void> {
  const before = Date.now() - timing().CLEANUP_GRACE_MS;
  for (const status of ["dead", "dead_failed_revive"] as const) {
    const gone = await ctx.db
      .query("participants")
      .withIndex("by_agentStatus_and_since", (q) =>
        q.eq("agentStatus", status).lte("since", before),
      )
      .take(BATCH);
    for (const participant of gone)
      await participants.apply(ctx, seated(participant), { type: "cleanup" });
  }
}

/** A bounded batch of each kind, the oldest first; what is left goes two minutes later. */
async function pruneEnded(ctx: MutationCtx): Promise<void> {
  const now = Date.now();
  const events = await ctx.db
    .query("turnEvents")
    .withIndex("by_creation_time", (q) => q.lte("_creationTime", now - TURN_EVENTS_KEPT_MS))
    .take(4 * BATCH);
  for (const { _id } of events) await ctx.db.delete("turnEvents", _id);
  const diffs = await ctx.db
    .query("taskDiffs")
    .withIndex("by_at", (q) => q.lte("at", now - DIFFS_KEPT_MS))
    .take(DIFFS);
  for (const { _id } of diffs) await ctx.db.delete("taskDiffs", _id);
  const approvals = await ctx.db
    .query("approvals")
    .withIndex("by_closedAt", (q) => q.gt("closedAt", 0).lte("closedAt", now - APPROVALS_KEPT_MS))
    .take(BATCH);
  for (const { _id } of approvals) await ctx.db.delete("approvals", _id);
  const answers = await ctx.db
    .query("answers")
    .withIndex("by_creation_time", (q) => q.lte("_creationTime", now - DAY_MS))
    .take(BATCH);
  for (const { _id } of answers) await ctx.db.delete("answers", _id);
  const rates = await ctx.db
    .query("rates")
    .withIndex("by_at", (q) => q.lte("at", now - DAY_MS))
    .take(BATCH);
  for (const { _id } of rates) await ctx.db.delete("rates", _id);
  const codes = await ctx.db
    .query("signInCodes")
    .withIndex("by_expiresAt", (q) => q.lte("expiresAt", now))
    .take(BATCH);
  for (const { _id } of codes) await ctx.db.delete("signInCodes", _id);
  const commands = await ctx.db
    .query("commands")
    .withIndex("by_endedAt", (q) => q.gt("endedAt", 0).lte("endedAt", now - DAY_MS))
    .take(BATCH);
  for (const { _id } of commands) await ctx.db.delete("commands", _id);
}
