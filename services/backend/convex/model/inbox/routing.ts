import { DASHBOARD, parseTarget, visibilityOf } from "@muster/core";
import type { Visibility } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";

type Ctx = QueryCtx | MutationCtx;

/** One way to one person. */
export type Recipient = {
  readonly user: Doc<"users">;
  readonly channel: string;
  readonly address?: string;
  readonly carrierId?: Id<"machines">;
  readonly visibility: Visibility;
};

/**
 * Who gets a room's news by a target's words; empty when there is nobody, and null for a target that sends
 * to nobody on purpose. Nobody who is not a member of the room ever gets anything.
 */
export async function recipients(
  ctx: Ctx,
  room: Doc<"rooms">,
  words: string,
  shown: Partial<Visibility>,
): Promise<Recipient[] | null> {
  const target = parseTarget(words);
  if (target === null || target.type === "none") return target === null ? [] : null;
  if (target.type === "owner") return await channelsOf(ctx, room, room.ownerId, shown);
  const name = target.type === "channel" ? target.person : await lastSpeaker(ctx, room);
  const user = name === null ? null : await userNamed(ctx, name);
  if (user === null) return [];
  const all = await channelsOf(ctx, room, user._id, shown);
  return target.type === "channel" ? all.filter(({ channel }) => channel === target.kind) : all;
}

/** All channels of a person, if they may enter the room now. */
async function channelsOf(
  ctx: Ctx,
  room: Doc<"rooms">,
  userId: Id<"users">,
  shown: Partial<Visibility>,
): Promise<Recipient[]> {
  const user = await ctx.db.get("users", userId);
  if (user === null || !(await isMember(ctx, room._id, userId))) return [];
  const settings = await settingsOf(ctx, userId);
  const dashboard = visibilityOf(shown, settings?.visibility);
  const linked = await linkedChannels(ctx, userId);
  return [
    { user, channel: DASHBOARD, visibility: dashboard },
    ...linked.map(({ kind, address, carrierId, visibility }) => ({
      user,
      channel: kind,
      address,
      carrierId,
      visibility: visibilityOf(shown, visibility),
    })),
  ];
}

/** Whether the person may enter the room now. */
export async function isMember(
  ctx: Ctx,
  roomId: Id<"rooms">,
  userId: Id<"users">,
): Promise<boolean> {
  const member = await ctx.db
    .query("members")
    .withIndex("by_roomId_and_userId", (q) => q.eq("roomId", roomId).eq("userId", userId))
    .first();
  return member !== null;
}

/** What a person has linked beside the dashboard. */
export async function linkedChannels(ctx: Ctx, userId: Id<"users">): Promise<Doc<"channels">[]> {
  return await ctx.db
    .query("channels")
    .withIndex("by_userId_and_kind", (q) => q.eq("userId", userId))
    .take(16);
}

export async function settingsOf(
  ctx: Ctx,
  userId: Id<"users">,
): Promise<Doc<"inboxSettings"> | null> {
  return await ctx.db
    .query("inboxSettings")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();
}

/** Null for a name that nobody has, or that two people have: then it names nobody. */
async function userNamed(ctx: Ctx, name: string): Promise<Doc<"users"> | null> {
  const [user = null, other = null] = await ctx.db
    .query("users")
    .withIndex("by_name", (q) => q.eq("name", name))
    .take(2);
  return other === null ? user : null;
}

/** The name of the last person who spoke in the room, member or not; null when nobody ever did. */
async function lastSpeaker(ctx: Ctx, room: Doc<"rooms">): Promise<string | null> {
  return (await lastWord(ctx, room)).name;
}

/** Who of the people spoke last and when, however much agents have said since; while nobody has, when the room began. */
export async function lastWord(
  ctx: Ctx,
  room: Doc<"rooms">,
): Promise<{ readonly name: string | null; readonly at: number }> {
  const last = await ctx.db
    .query("messages")
    .withIndex("by_roomId_and_senderKind_and_seq", (q) =>
      q.eq("roomId", room._id).eq("sender.kind", "person"),
    )
    .order("desc")
    .first();
  return last === null
    ? { name: null, at: room._creationTime }
    : { name: last.sender.name, at: last.at };
}
