import { internal } from "../../_generated/api.js";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";

/** The deadline worker's one row; null before the first deadline of the deployment. */
export async function deadlineWorker(
  ctx: QueryCtx | MutationCtx,
): Promise<Doc<"deadlineWorker"> | null> {
  return await ctx.db.query("deadlineWorker").first();
}

/**
 * Makes sure that the worker runs at `at` or before. Only a deadline that is earlier than the armed one
 * writes; a renewal that moves an end on does not come here.
 */
export async function arm(ctx: MutationCtx, at: number): Promise<void> {
  const worker = await deadlineWorker(ctx);
  const armedFor = worker?.armedFor ?? null;
  if (armedFor !== null && armedFor <= at) return;
  await schedule(ctx, worker, at);
}

/** Begins the next generation, which runs at `at`; a run of an older one does nothing when it comes. */
export async function schedule(
  ctx: MutationCtx,
  worker: Doc<"deadlineWorker"> | null,
  at: number,
): Promise<void> {
  const generation = (worker?.generation ?? 0) + 1;
  const scheduledId = await ctx.scheduler.runAt(at, internal.deadlines.run, { generation });
  const armed = { generation, armedFor: at, scheduledId };
  if (worker === null) await ctx.db.insert("deadlineWorker", { ...armed, awayUntil: 0 });
  else await ctx.db.patch("deadlineWorker", worker._id, armed);
}
