import type { StopReason } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as brakes from "./brakes.ts";
import * as scheduleStates from "./states.ts";
import * as ticks from "./ticks.ts";

/** A task came to its end without an answer: so did the tick that made it. */
export async function taskEnded(
  ctx: MutationCtx,
  task: Doc<"tasks">,
  status: Doc<"tasks">["status"],
): Promise<void> {
  if (status !== "cancelled" && status !== "dead_letter") return;
  const tick = await ticks.ofTask(ctx, task);
  if (tick === null) return;
  await ticks.end(ctx, tick, status === "cancelled" ? "cancelled" : "failed");
  const state = await scheduleStates.find(ctx, tick.scheduleId);
  if (state !== null && status === "dead_letter")
    await ctx.db.patch("scheduleStates", state._id, { failures: state.failures + 1 });
}

const TURNS = 64;

/** A turn of a tick's task ended: its cost counts towards the caps, its failure towards the brakes. */
export async function turnEnded(
  ctx: MutationCtx,
  { taskId }: Doc<"turns">,
  ending: { readonly stopReason: StopReason; readonly error?: string | undefined },
): Promise<void> {
  const task = await ctx.db.get("tasks", taskId);
  const tick = task === null ? null : await ticks.ofTask(ctx, task);
  if (tick === null) return;
  const turns = await ctx.db
    .query("turns")
    .withIndex("by_taskId", (q) => q.eq("taskId", taskId))
    .take(TURNS);
  const cost = turns.reduce((sum, { usage }) => sum + (usage.cost?.amount ?? 0), 0);
  await ticks.charge(ctx, tick, cost);
  const schedule = await ctx.db.get("schedules", tick.scheduleId);
  const state = schedule === null ? null : await scheduleStates.find(ctx, schedule._id);
  if (schedule !== null && state !== null) await brakes.noteTurn(ctx, schedule, state, ending);
}
