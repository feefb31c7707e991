import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { Principal } from "../access/access.ts";
import { arm } from "../deadlines/arming.ts";
import { logLine } from "../log.ts";
import { requireFields } from "../refusal.ts";
import type { noticeView } from "../schedules/validators.ts";

type Notice = Doc<"notices">;
type Given = Pick<Notice, "kind" | "text" | "action" | "endsAt">;

const ROOMS = 200;
const SHOWN = 50;

/** Tells everybody about the server: whoever is connected at once, whoever comes later first thing. */
export async function announce(
  ctx: MutationCtx,
  given: Pick<Given, "kind" | "text" | "endsAt">,
): Promise<{ noticeId: Id<"notices"> }> {
  requireFields({ notice: given.text });
  const noticeId = await ctx.db.insert("notices", { ...given, at: Date.now() });
  if (given.endsAt !== undefined) await arm(ctx, given.endsAt);
  logLine("notice.announced", { kind: given.kind, notice: noticeId });
  return { noticeId };
}

/** Tells a room about one of its schedules; while the same is told already, nothing is added. */
export async function raise(
  ctx: MutationCtx,
  { _id: scheduleId, roomId }: Doc<"schedules">,
  given: Pick<Given, "kind" | "text" | "action">,
): Promise<boolean> {
  const open = await openOf(ctx, roomId);
  const told = open.some(
    (notice) => notice.scheduleId === scheduleId && notice.kind === given.kind,
  );
  if (told) return false;
  await ctx.db.insert("notices", { roomId, scheduleId, ...given, at: Date.now() });
  logLine("notice.raised", { kind: given.kind, schedule: scheduleId });
  return true;
}

/** What a schedule's notices of these kinds said is over; without kinds, all of them. */
export async function settle(
  ctx: MutationCtx,
  { _id: scheduleId, roomId }: Doc<"schedules">,
  kinds?: readonly Notice["kind"][],
): Promise<void> {
  for (const notice of await openOf(ctx, roomId))
    if (notice.scheduleId === scheduleId && (kinds?.includes(notice.kind) ?? true))
      await end(ctx, notice._id);
}

/** It is not shown any more, to nobody. */
export async function end(ctx: MutationCtx, noticeId: Id<"notices">): Promise<void> {
  await ctx.db.patch("notices", noticeId, { endedAt: Date.now(), endsAt: undefined });
}

/** What the caller should know: the server's notices, then those of the caller's rooms, each newest first. */
export async function listFor(
  ctx: QueryCtx,
  { credential, user }: Principal,
): Promise<Infer<typeof noticeView>[]> {
  const shown = (await openOf(ctx, undefined)).map((notice) => view(notice, null));
  for (const roomId of await roomsOf(ctx, credential, user)) {
    const room = await ctx.db.get("rooms", roomId);
    if (room === null) continue;
    shown.push(...(await openOf(ctx, roomId)).map((notice) => view(notice, room)));
  }
  return shown;
}

async function roomsOf(
  ctx: QueryCtx,
  { kind, roomId }: Doc<"credentials">,
  user: Doc<"users">,
): Promise<Id<"rooms">[]> {
  if (kind !== "person") return roomId === undefined ? [] : [roomId];
  const memberships = await ctx.db
    .query("members")
    .withIndex("by_userId_and_roomName", (q) => q.eq("userId", user._id))
    .take(ROOMS);
  return memberships.map((membership) => membership.roomId);
}

async function openOf(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms"> | undefined,
): Promise<Notice[]> {
  return await ctx.db
    .query("notices")
    .withIndex("by_roomId_and_endedAt", (q) => q.eq("roomId", roomId).eq("endedAt", undefined))
    .order("desc")
    .take(SHOWN);
}

function view(notice: Notice, room: Doc<"rooms"> | null): Infer<typeof noticeView> {
  const { _id, kind, text, action, scheduleId, at } = notice;
  return {
    _id,
    scope: room === null ? "server" : "room",
    kind,
    text,
    action: action ?? null,
    roomId: room?._id ?? null,
    roomName: room?.name ?? null,
    scheduleId: scheduleId ?? null,
    at,
  };
}
