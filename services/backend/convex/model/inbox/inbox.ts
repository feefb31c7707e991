import { APPROVAL_STATUSES, MAX_OPEN_APPROVALS } from "@muster/core";
import type { ApprovalStatus } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { QueryCtx } from "../../_generated/server.js";
import { listFor } from "../rooms/rooms.ts";
import type { approvalView } from "../turns/validators.ts";

type Approval = Doc<"approvals">;
type View = Infer<typeof approvalView>;

/** How many closed questions are still shown: what was decided just now. */
const CLOSED = 20;
/** How many questions of all rooms are looked at, open and closed ones each. */
const OPEN = 128;

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

/**
 * The same of all rooms that the person may enter: found by what is asked, not room by room. On a deployment with
 * many open questions the newest ones are looked at.
 */
export async function ofPerson(ctx: QueryCtx, user: Doc<"users">): Promise<View[]> {
  const open = await ctx.db
    .query("approvals")
    .withIndex("by_status", (q) => q.eq("status", "open"))
    .order("desc")
    .take(OPEN);
  const closed = await ctx.db
    .query("approvals")
    .withIndex("by_closedAt", (q) => q.gt("closedAt", 0))
    .order("desc")
    .take(OPEN);
  const rooms = new Map<Id<"rooms">, Doc<"rooms"> | null>();
  const views = async (approvals: readonly Approval[]): Promise<View[]> => {
    const found: View[] = [];
    for (const approval of approvals) {
      const { roomId } = approval;
      const known = rooms.get(roomId);
      const room = known === undefined ? await roomOf(ctx, user, roomId) : known;
      rooms.set(roomId, room);
      if (room !== null) found.push(view(approval, room));
    }
    return found;
  };
  return [...(await views(open)), ...(await views(closed)).slice(0, CLOSED)];
}

/** The room in which the oldest question of a person waits, else the one with the latest message; null without a room. */
export async function firstRoom(ctx: QueryCtx, user: Doc<"users">): Promise<string | null> {
  const rooms = await listFor(ctx, user, false);
  const [asked] = (await ofPerson(ctx, user))
    .filter(({ status, roomId }) => status === "open" && rooms.some(({ _id }) => _id === roomId))
    .toSorted((a, b) => a.askedAt - b.askedAt);
  if (asked !== undefined) return asked.roomName;
  const spoken = await Promise.all(
    rooms.map(async (room) => ({ name: room.name, at: await lastSaid(ctx, room._id) })),
  );
  const [latest] = spoken.toSorted((a, b) => b.at - a.at);
  return latest?.name ?? null;
}

/** When the room's latest message was said, whoever said it; 0 while there is none. */
async function lastSaid(ctx: QueryCtx, roomId: Id<"rooms">): Promise<number> {
  const last = await ctx.db
    .query("messages")
    .withIndex("by_roomId_and_seq", (q) => q.eq("roomId", roomId))
    .order("desc")
    .first();
  return last?.at ?? 0;
}

/** The room, if the person may enter it. */
async function roomOf(
  ctx: QueryCtx,
  user: Doc<"users">,
  roomId: Id<"rooms">,
): Promise<Doc<"rooms"> | null> {
  const member = await ctx.db
    .query("members")
    .withIndex("by_roomId_and_userId", (q) => q.eq("roomId", roomId).eq("userId", user._id))
    .first();
  return member === null ? null : await ctx.db.get("rooms", roomId);
}

function view(approval: Approval, room: Doc<"rooms">): View {
  const { _id, role, taskId, title, detail, options, status, askedAt } = approval;
  return {
    _id,
    kind: approval.kind ?? "approval",
    roomId: room._id,
    roomName: room.name,
    role,
    taskId,
    turnId: approval.turnId ?? null,
    title,
    detail,
    options,
    choices: approval.choices ?? [],
    status,
    askedAt,
    deadline: approval.deadline,
    optionId: approval.optionId ?? null,
    answer: approval.answer ?? null,
    answeredBy: approval.answeredBy ?? null,
    closedAt: approval.closedAt ?? null,
  };
}
