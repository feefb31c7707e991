import { firstDue, NOTHING_COUNTED, periodAfter } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { arm } from "../deadlines/arming.ts";
import type { counts as countsValidator } from "./validators.ts";

type State = Doc<"scheduleStates">;
type Counts = Infer<typeof countsValidator>;
type Counted = Exclude<keyof Counts, "skips">;

/** A new schedule's state, with nothing armed. */
export async function begin(ctx: MutationCtx, scheduleId: Id<"schedules">): Promise<void> {
  await ctx.db.insert("scheduleStates", {
    scheduleId,
    nextDueAt: null,
    armedAt: null,
    expectedBy: null,
    lastTickAt: null,
    lastWokenAt: null,
    sent: [],
    failures: 0,
    signInFailures: 0,
    counts: NOTHING_COUNTED,
  });
}

/** Null when the schedule was removed. */
export async function find(
  ctx: QueryCtx | MutationCtx,
  scheduleId: Id<"schedules">,
): Promise<State | null> {
  return await ctx.db
    .query("scheduleStates")
    .withIndex("by_scheduleId", (q) => q.eq("scheduleId", scheduleId))
    .unique();
}

/** Arms what comes first from now on, counted from the last tick by the wall clock. */
export async function armFirst(
  ctx: MutationCtx,
  schedule: Doc<"schedules">,
  state: State,
): Promise<number | null> {
  const nextDueAt = firstDue(schedule.cadence, state.lastTickAt, Date.now());
  return await armAt(ctx, schedule, state, nextDueAt);
}

/** Writes when the schedule is due next and makes sure that the deadline worker is awake then. */
export async function armAt(
  ctx: MutationCtx,
  { cadence }: Doc<"schedules">,
  { _id }: State,
  nextDueAt: number | null,
): Promise<number | null> {
  const armed =
    nextDueAt === null
      ? { nextDueAt, armedAt: null, expectedBy: null }
      : { nextDueAt, armedAt: Date.now(), expectedBy: nextDueAt + periodAfter(cadence, nextDueAt) };
  await ctx.db.patch("scheduleStates", _id, armed);
  if (nextDueAt !== null) await arm(ctx, nextDueAt);
  return nextDueAt;
}

/** Nothing of it is due any more until it is armed again. */
export async function disarm(ctx: MutationCtx, { _id }: State): Promise<void> {
  const nothing = { nextDueAt: null, armedAt: null, expectedBy: null };
  await ctx.db.patch("scheduleStates", _id, nothing);
}

/** Adds to a schedule's counters; one that was removed has none. */
export async function count(
  ctx: MutationCtx,
  scheduleId: Id<"schedules">,
  what: Counted,
  amount = 1,
): Promise<void> {
  const state = await find(ctx, scheduleId);
  if (state === null) return;
  const counts = { ...state.counts, [what]: state.counts[what] + amount };
  await ctx.db.patch("scheduleStates", state._id, { counts });
}

export async function countSkip(
  ctx: MutationCtx,
  scheduleId: Id<"schedules">,
  reason: string,
): Promise<void> {
  const state = await find(ctx, scheduleId);
  if (state === null) return;
  const skips = { ...state.counts.skips, [reason]: (state.counts.skips[reason] ?? 0) + 1 };
  await ctx.db.patch("scheduleStates", state._id, { counts: { ...state.counts, skips } });
}
