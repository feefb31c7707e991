import type { SkipReason } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { logLine } from "../log.ts";
import * as scheduleStates from "./states.ts";
import type { tickOutcome } from "./validators.ts";

type Tick = Doc<"ticks">;
export type Outcome = Infer<typeof tickOutcome>;

/**
 * Claims one due time of a schedule: the row is there once, whoever comes again. Null when it was claimed
 * before, so that there is nothing to do.
 */
export async function claim(
  ctx: MutationCtx,
  { _id: scheduleId, roomId, role, kind, okToken }: Doc<"schedules">,
  { dueAt, missed, manual }: Pick<Tick, "dueAt" | "missed" | "manual">,
): Promise<Tick | null> {
  const same = await ctx.db
    .query("ticks")
    .withIndex("by_scheduleId_and_dueAt", (q) => q.eq("scheduleId", scheduleId).eq("dueAt", dueAt))
    .first();
  if (same !== null) return null;
  const id = await ctx.db.insert("ticks", {
    scheduleId,
    roomId,
    role,
    kind,
    dueAt,
    at: Date.now(),
    manual,
    missed,
    okToken,
    status: "due",
    due: [],
    cost: 0,
  });
  await scheduleStates.count(ctx, scheduleId, "ticks");
  return await ctx.db.get("ticks", id);
}

/** It wakes nobody. */
export async function skip(
  ctx: MutationCtx,
  tick: Tick,
  reason: SkipReason,
  detail?: string,
): Promise<void> {
  const words = detail === undefined ? {} : { detail };
  const endedAt = Date.now();
  await ctx.db.patch("ticks", tick._id, { status: "skipped", reason, endedAt, ...words });
  await scheduleStates.countSkip(ctx, tick.scheduleId, reason);
  log("tick.skipped", tick, { reason, detail });
}

/** It wakes its role by a task. */
export async function wake(
  ctx: MutationCtx,
  tick: Tick,
  { due, taskId, wakeAt }: { due: string[]; taskId: Id<"tasks">; wakeAt: number },
): Promise<void> {
  await ctx.db.patch("ticks", tick._id, { status: "woken", due, taskId, wakeAt });
  await scheduleStates.count(ctx, tick.scheduleId, "wakes");
  log("tick.woken", tick, { taskId, delayMs: wakeAt - Date.now() });
}

const COUNTED = {
  ok: "oks",
  alert: "alerts",
  duplicate: "duplicates",
  handed_off: null,
  cancelled: null,
  failed: "failures",
} as const satisfies Record<Outcome, string | null>;

/**
 * What came of it. Told again, because a person had the task retried, the later word stands. A tick that was
 * pruned before its task ended needs none.
 */
export async function end(
  ctx: MutationCtx,
  tick: Tick | null,
  outcome: Outcome,
  { text, withheld }: { readonly text?: string; readonly withheld?: SkipReason } = {},
): Promise<void> {
  if (tick === null) return;
  await ctx.db.patch("ticks", tick._id, {
    status: "ended",
    outcome,
    endedAt: Date.now(),
    ...(text === undefined ? {} : { text }),
    ...(withheld === undefined ? {} : { withheld }),
  });
  const counted = COUNTED[outcome];
  if (counted !== null) await scheduleStates.count(ctx, tick.scheduleId, counted);
  log("tick.ended", tick, { outcome, withheld });
}

/** What the turns of its task have cost together so far; told twice, it counts once. */
export async function charge(ctx: MutationCtx, tick: Tick, cost: number): Promise<void> {
  if (cost === tick.cost) return;
  await ctx.db.patch("ticks", tick._id, { cost });
  await scheduleStates.count(ctx, tick.scheduleId, "cost", cost - tick.cost);
  log("tick.charged", tick, { cost });
}

function log(
  event: string,
  { scheduleId, role, dueAt, manual, missed }: Tick,
  more: Record<string, string | number | undefined>,
): void {
  logLine(event, { schedule: scheduleId, role, dueAt, manual, missed, ...more });
}

/** The tick that a task came from; null for any other task. */
export async function ofTask(
  ctx: QueryCtx | MutationCtx,
  task: Pick<Doc<"tasks">, "tickId">,
): Promise<Tick | null> {
  return task.tickId === undefined ? null : await ctx.db.get("ticks", task.tickId);
}

/** Ticks of a room that wake somebody after `since`, those that are still to come included. */
export async function wakesAfter(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
  since: number,
  most: number,
): Promise<Tick[]> {
  return await ctx.db
    .query("ticks")
    .withIndex("by_roomId_and_wakeAt", (q) => q.eq("roomId", roomId).gt("wakeAt", since))
    .take(most);
}
