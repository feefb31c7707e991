import { nextTask } from "@muster/core";
import type { ActiveTaskStatus, QueuedTask } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { arm } from "../deadlines/arming.ts";
import { timing } from "../timing.ts";

/** How much of a role's queue is looked at: one seat works it off one by one. */
const QUEUE = 64;

type Task = Doc<"tasks">;
type Ctx = QueryCtx | MutationCtx;

/** What core's queue order looks at. */
export function queued(task: Task): QueuedTask & { readonly task: Task } {
  const { status, offered, attempt, notBefore, heldBy } = task;
  return {
    status,
    offered,
    attempt,
    notBefore,
    heldBy,
    fromPerson: task.from.kind === "person",
    task,
  };
}

/**
 * The task that a role may claim now. It asks no clock: the worker removes `notBefore` when it has passed,
 * so whatever still has one waits.
 */
export async function next(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<{ taskId: Id<"tasks"> } | null> {
  const again = (await waiting(ctx, roomId, role, "acknowledged")).find(isOfferedAgain);
  if (again !== undefined) return { taskId: again._id };
  const oldest = await inOrder(ctx, roomId, role, "pending").first();
  if (oldest === null) return null;
  // Nothing goes before it: whoever watches does not read, and is not told of, what waits behind it.
  if (oldest.attempt === 0 && oldest.notBefore === undefined) return { taskId: oldest._id };
  const first = nextTask((await waiting(ctx, roomId, role, "pending")).map(queued), 0);
  return first === undefined ? null : { taskId: first.task._id };
}

/** What the role may claim now, and what it has begun. */
export async function queueOf(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<{ next: Id<"tasks"> | null; begun: Id<"tasks"> | null }> {
  const offered = await next(ctx, roomId, role);
  const begun = await inOrder(ctx, roomId, role, "in_progress").first();
  return { next: offered?.taskId ?? null, begun: begun?._id ?? null };
}

/** Tasks of a role in this status that nothing holds back, the one offered longest ago first. */
export async function waiting(
  ctx: Ctx,
  roomId: Id<"rooms">,
  role: string,
  status: "pending" | "acknowledged",
): Promise<Task[]> {
  return await inOrder(ctx, roomId, role, status).take(QUEUE);
}

const inOrder = (ctx: Ctx, roomId: Id<"rooms">, role: string, status: ActiveTaskStatus) =>
  ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_role_and_status_and_heldBy_and_offered", (q) =>
      q.eq("roomId", roomId).eq("role", role).eq("status", status).eq("heldBy", undefined),
    );

/** Claimed, and then offered to its holder once more because it did not begin. */
const isOfferedAgain = ({ offered, since }: Task) => offered > since;

/** Looks at the task again when it has waited too long. */
export async function watch(ctx: MutationCtx, task: Task): Promise<void> {
  const dueAt = Date.now() + timing().TASK_PENDING_TIMEOUT_MS;
  await ctx.db.patch("tasks", task._id, { dueAt });
  await arm(ctx, dueAt);
}

/** A seat was taken, has become empty or was not filled in time: what waits there is watched anew, also what people were told of. */
export async function watchQueue(
  ctx: MutationCtx,
  { roomId, role }: Pick<Doc<"participants">, "roomId" | "role">,
): Promise<void> {
  for (const task of await waiting(ctx, roomId, role, "pending"))
    if (task.dueAt === undefined) await watch(ctx, task);
}
