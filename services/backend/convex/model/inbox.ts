import { APPROVAL_STATUSES, MAX_OPEN_APPROVALS } from "@muster/core";
import type { ApprovalStatus } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { approvalView } from "./turnValidators.ts";

type Approval = Doc<"approvals">;
type View = Infer<typeof approvalView>;

/** How many closed questions are still shown: what was decided just now. */
const CLOSED = 20;
const ROOMS = 200;

/** The questions of a room: the open ones, then the last closed ones, each newest first. */
export async function ofRoom(ctx: QueryCtx, room: Doc<"rooms">): Promise<View[]> {
  const open = await withStatus(ctx, room, "open", 2 * MAX_OPEN_APPROVALS);
  const closed: Approval[] = [];
  for (const status of APPROVAL_STATUSES)
    if (status !== "open") closed.push(...(await withStatus(ctx, room, status, CLOSED)));
  const lastClosed = closed.toSorted((a, b) => b.askedAt - a.askedAt).slice(0, CLOSED);
  return [...open, ...lastClosed].map((approval) => view(approval, room));
}

async function withStatus(
  ctx: QueryCtx,
  room: Doc<"rooms">,
  status: ApprovalStatus,
  limit: number,
): Promise<Approval[]> {
  return await ctx.db
    .query("approvals")
    .withIndex("by_roomId_and_status", (q) => q.eq("roomId", room._id).eq("status", status))
    .order("desc")
    .take(limit);
}

/** The same of all rooms that the person may enter. */
export async function ofPerson(ctx: QueryCtx, user: Doc<"users">): Promise<View[]> {
  const memberships = await ctx.db
    .query("members")
    .withIndex("by_userId_and_roomName", (q) => q.eq("userId", user._id))
    .take(ROOMS);
  const found: View[] = [];
  for (const { roomId } of memberships) {
    const room = await ctx.db.get("rooms", roomId);
    if (room !== null) found.push(...(await ofRoom(ctx, room)));
  }
  const newestFirst = found.toSorted((a, b) => b.askedAt - a.askedAt);
  const open = newestFirst.filter(({ status }) => status === "open");
  const closed = newestFirst.filter(({ status }) => status !== "open");
  return [...open, ...closed.slice(0, CLOSED)];
}

function view(approval: Approval, room: Doc<"rooms">): View {
  const { _id, role, taskId, turnId, title, detail, options, status, askedAt } = approval;
  return {
    _id,
    roomId: room._id,
    roomName: room.name,
    role,
    taskId,
    turnId,
    title,
    detail,
    options,
    status,
    askedAt,
    deadline: approval.deadline,
    optionId: approval.optionId ?? null,
    answeredBy: approval.answeredBy ?? null,
    closedAt: approval.closedAt ?? null,
  };
}
