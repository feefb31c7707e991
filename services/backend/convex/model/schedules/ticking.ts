import { nextDue } from "@muster/core";
import { internal } from "../../_generated/api.js";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { logLine } from "../log.ts";
import * as notices from "../rooms/notices.ts";
import * as scheduleStates from "./states.ts";
import * as ticks from "./ticks.ts";

type State = Doc<"scheduleStates">;
/** When a next due time cannot even be found, the schedule is looked at again after this long. */
const ASTRAY_MS = 3_600_000;

/**
 * A schedule's due time has come. The next one is armed before anything else is done, then this one is claimed
 * and decided in a transaction of its own: whatever goes wrong there ends this tick and neither the schedule
 * nor the deadline worker that called.
 */
export async function tickDue(ctx: MutationCtx, state: State): Promise<void> {
  const { nextDueAt: dueAt } = state;
  if (dueAt === null) return;
  const schedule = await ctx.db.get("schedules", state.scheduleId);
  if (schedule === null) return await ctx.db.delete("scheduleStates", state._id);
  const now = Date.now();
  const { nextDueAt, missed } = following(schedule, dueAt, now);
  await scheduleStates.armAt(ctx, schedule, state, nextDueAt);
  await ctx.db.patch("scheduleStates", state._id, { lastTickAt: now });
  const claimed = await ticks.claim(ctx, schedule, { dueAt, missed, manual: false });
  if (claimed === null) return;
  await judgeLateness(ctx, schedule, state, missed);
  await decide(ctx, claimed);
}

/** Decides a claimed tick. Should that break, only its own writes are undone, and its skip keeps the words. */
export async function decide(ctx: MutationCtx, tick: Doc<"ticks">): Promise<void> {
  try {
    await ctx.runMutation(internal.schedules.decide, { tickId: tick._id });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    await ticks.skip(ctx, tick, "failed", words.slice(0, 400));
  }
}

/** A cadence was checked when it was added, but a time zone may be unknown to the next computer. */
function following(schedule: Doc<"schedules">, dueAt: number, now: number) {
  try {
    return nextDue(schedule.cadence, dueAt, now);
  } catch (error) {
    logLine("schedule.astray", { schedule: schedule._id, reason: String(error) });
    return { nextDueAt: now + ASTRAY_MS, missed: 0 };
  }
}

/** More than a period late is told once; a tick in time ends that notice. */
async function judgeLateness(
  ctx: MutationCtx,
  schedule: Doc<"schedules">,
  { expectedBy }: State,
  missed: number,
): Promise<void> {
  if (expectedBy === null || Date.now() < expectedBy)
    return await notices.settle(ctx, schedule, ["late"]);
  const times = missed === 1 ? "one tick was" : `${missed} ticks were`;
  const text = `${schedule.name} ticked late: ${missed === 0 ? "its time had passed" : `${times} missed`}, and this one makes up for it.`;
  await notices.raise(ctx, schedule, { kind: "late", text });
}

const WATCHED = 16;

/**
 * The second pair of eyes, which the deadline worker's chain does not carry: a schedule that is a period past
 * its due time is told, and one that was armed by a clock that was ahead is armed anew.
 */
export async function watch(ctx: MutationCtx): Promise<void> {
  const now = Date.now();
  const overdue = await ctx.db
    .query("scheduleStates")
    .withIndex("by_nextDueAt", (q) => q.gt("nextDueAt", 0).lte("nextDueAt", now))
    .take(WATCHED);
  for (const state of overdue) {
    const schedule = await ctx.db.get("schedules", state.scheduleId);
    if (schedule === null || state.expectedBy === null || now < state.expectedBy) continue;
    const text = `${schedule.name} did not tick in time: nothing has looked at it for more than a period.`;
    await notices.raise(ctx, schedule, { kind: "late", text });
  }
  const ahead = await ctx.db
    .query("scheduleStates")
    .withIndex("by_armedAt", (q) => q.gt("armedAt", now))
    .take(WATCHED);
  for (const state of ahead) {
    const schedule = await ctx.db.get("schedules", state.scheduleId);
    if (schedule !== null && schedule.cadence.type !== "once")
      await scheduleStates.armFirst(ctx, schedule, state);
  }
}
