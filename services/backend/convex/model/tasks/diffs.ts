import { boundDiff } from "@muster/core";
import type { TaskDiff } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { Seated } from "../access/access.ts";
import { ownTask, stale } from "./claims.ts";
import * as participants from "../seats/participants.ts";
import { inRoom } from "./tasks.ts";
import type { diff as diffValidator } from "../turns/validators.ts";

export type Diff = Infer<typeof diffValidator>;

/** Keeps what a task changed, for the epoch that claimed it last, whether it still holds it or not. */
export async function record(
  ctx: MutationCtx,
  caller: Seated,
  given: { readonly taskId: string; readonly epoch: number; readonly diff: Diff },
): Promise<Record<string, never>> {
  const task = await ownTask(ctx, caller, given.taskId);
  const participant = await participants.find(ctx, caller.room._id, caller.role);
  if (task.epoch !== given.epoch || participant?.epoch !== given.epoch) throw stale();
  const kept = { at: Date.now(), diff: storable(boundDiff(given.diff)) };
  const known = await find(ctx, task);
  if (known === null) await ctx.db.insert("taskDiffs", { taskId: task._id, ...kept });
  else await ctx.db.patch("taskDiffs", known._id, kept);
  return {};
}

/** What is known of a task's changes; null when nothing was recorded. */
export async function ofTask(
  ctx: QueryCtx,
  room: Doc<"rooms">,
  taskId: string,
): Promise<Diff | null> {
  return (await find(ctx, await inRoom(ctx, room, taskId)))?.diff ?? null;
}

async function find(ctx: QueryCtx, task: Doc<"tasks">): Promise<Doc<"taskDiffs"> | null> {
  return await ctx.db
    .query("taskDiffs")
    .withIndex("by_taskId", (q) => q.eq("taskId", task._id))
    .unique();
}

function storable({ commits, files, ...rest }: TaskDiff): Diff {
  return {
    ...rest,
    commits: [...commits],
    files: files.map(({ patch, ...file }) => (patch === undefined ? file : { ...file, patch })),
  };
}
