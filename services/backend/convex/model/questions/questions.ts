import { MAX_OPEN_APPROVALS } from "@muster/core";
import type { WithoutSystemFields } from "convex/server";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { arm } from "../deadlines/arming.ts";
import { refusal } from "../refusal.ts";

type Approval = Doc<"approvals">;
type Opening = Omit<WithoutSystemFields<Approval>, "status" | "askedAt" | "deadline">;
export type Asked = { readonly approvalId: Id<"approvals">; readonly deadline: number | null };
export type Said = { readonly optionId: string } | { readonly answer: string };
type Ending =
  | (Said & { readonly status: "answered"; readonly answeredBy: string })
  | { readonly status: "denied" | "expired" | "void" };

/** People are asked, for so many milliseconds. @throws `limit` when the role asks them too much already */
export async function open(ctx: MutationCtx, asked: Opening, forMs: number): Promise<Asked> {
  const { roomId, role } = asked;
  if ((await openOf(ctx, roomId, role)).length >= MAX_OPEN_APPROVALS)
    throw refusal("limit", `${role} has ${MAX_OPEN_APPROVALS} open questions already.`);
  const askedAt = Date.now();
  const deadline = askedAt + forMs;
  const approvalId = await ctx.db.insert("approvals", {
    ...asked,
    status: "open",
    askedAt,
    deadline,
  });
  await arm(ctx, deadline);
  await refreshNeedsYou(ctx, roomId, role);
  return { approvalId, deadline };
}

/** The questions of a role that wait for an answer, oldest first. */
export async function openOf(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Approval[]> {
  return await ctx.db
    .query("approvals")
    .withIndex("by_roomId_and_role_and_status", (q) =>
      q.eq("roomId", roomId).eq("role", role).eq("status", "open"),
    )
    .take(MAX_OPEN_APPROVALS);
}

/** How many answers about one task its next attempt is told. */
const ANSWERED = 10;

/** The questions about a task that were answered in words last, oldest first. */
export async function lastAnswered(ctx: MutationCtx, taskId: Id<"tasks">): Promise<Approval[]> {
  const answered = await ctx.db
    .query("approvals")
    .withIndex("by_taskId_and_kind_and_status", (q) =>
      q.eq("taskId", taskId).eq("kind", "question").eq("status", "answered"),
    )
    .order("desc")
    .take(ANSWERED);
  return answered.toReversed();
}

/** A question is closed once, for everybody who sees it; its role needs people no longer if it was the last. */
export async function close(ctx: MutationCtx, approval: Approval, ending: Ending): Promise<void> {
  await ctx.db.patch("approvals", approval._id, {
    ...ending,
    deadline: null,
    closedAt: Date.now(),
  });
  await refreshNeedsYou(ctx, approval.roomId, approval.role);
}

/** The task ended, or a person cancelled it. */
export async function voidOfTask(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  await voidWhere(ctx, task.roomId, task.role, ({ taskId }) => taskId === task._id);
}

/** The turn that asked is over. */
export async function voidOfTurn(ctx: MutationCtx, turn: Doc<"turns">): Promise<void> {
  await voidWhere(ctx, turn.roomId, turn.role, ({ turnId }) => turnId === turn._id);
}

/** The epoch that asked is over: whoever asked is not there any more. */
export async function voidOfEpoch(
  ctx: MutationCtx,
  { roomId, role }: Doc<"participants">,
): Promise<void> {
  await voidWhere(ctx, roomId, role, () => true);
}

async function voidWhere(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  role: string,
  concerned: (approval: Approval) => boolean,
): Promise<void> {
  for (const approval of await openOf(ctx, roomId, role))
    if (concerned(approval)) await close(ctx, approval, { status: "void" });
}

/** A role needs people while a question of it is open, or a task of it is held for them. */
export async function refreshNeedsYou(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<void> {
  const participant = await ctx.db
    .query("participants")
    .withIndex("by_roomId_and_role_and_epoch", (q) => q.eq("roomId", roomId).eq("role", role))
    .unique();
  if (participant === null) return;
  const [question] = await openOf(ctx, roomId, role);
  const needsYou = question !== undefined || (await heldTask(ctx, roomId, role)) !== null;
  if (needsYou !== participant.needsYou)
    await ctx.db.patch("participants", participant._id, { needsYou });
}

async function heldTask(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Doc<"tasks"> | null> {
  return await ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_role_and_status_and_heldBy_and_offered", (q) =>
      q.eq("roomId", roomId).eq("role", role).eq("status", "pending").gt("heldBy", ""),
    )
    .first();
}
