import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import {
  requireKeeper,
  requireMember,
  requirePerson,
  requireRoomReader,
} from "./model/access/access.ts";
import { once } from "./model/answers.ts";
import { explain as explainRoles, explanation } from "./model/rooms/explain.ts";
import * as archiving from "./model/rooms/archiving.ts";
import { openRoom } from "./model/rooms/opening.ts";
import * as rooms from "./model/rooms/rooms.ts";
import { right, seatView } from "./model/validators.ts";

const summary = {
  _id: v.id("rooms"),
  name: v.string(),
  entryRole: v.string(),
  team: v.array(v.string()),
  /** Null while the room is open. */
  archivedAt: v.union(v.number(), v.null()),
  /** Who archived it; null while it is open, or when it was not noted down. */
  archivedBy: v.union(v.string(), v.null()),
};

/**
 * Opens a room with the caller as its owner; a person's rooms have different names. With `harness`, the whole
 * team is added and started on the machine (it need not be named when there is one only), each agent with
 * `repo` as its working directory: all of it or nothing.
 *
 * @throws `conflict` for a name that is taken, `not_found` for an unknown machine or harness, `invalid` for a
 *   harness that cannot be used there, with the command that mends it
 */
export const create = mutation({
  args: {
    name: v.string(),
    team: v.array(v.string()),
    entryRole: v.optional(v.string()),
    repo: v.optional(v.string()),
    harness: v.optional(v.string()),
    machineId: v.optional(v.string()),
    key: v.string(),
  },
  returns: v.object({ roomId: v.id("rooms"), name: v.string() }),
  handler: async (ctx, { key, ...args }) => {
    const person = await requirePerson(ctx);
    return await once(ctx, person.scope, "rooms.create", key, () =>
      openRoom(ctx, person.user, args),
    );
  },
});

/** The rooms that the caller may enter, newest first; with `archived`, those that were archived, too. */
export const list = query({
  args: { archived: v.optional(v.boolean()) },
  returns: v.object({ items: v.array(v.object({ ...summary, createdAt: v.number() })) }),
  handler: async (ctx, { archived = false }) => {
    const person = await requirePerson(ctx);
    return { items: await rooms.listFor(ctx, person.user, archived) };
  },
});

/**
 * Puts a room away: its agents are stopped and leave, what is pending stays where it is and is offered to nobody, and
 * whoever wants to send, sit down or change anything is refused with `archived`. It can still be read. Said again, it
 * changes nothing.
 */
export const archive = mutation({
  args: { room: v.string() },
  returns: v.object({ archivedAt: v.number() }),
  handler: async (ctx, args) => {
    const keeper = await requireKeeper(ctx, args.room);
    return { archivedAt: await archiving.archive(ctx, keeper) };
  },
});

/** Opens an archived room again as it was; its agents stay stopped until a person starts them. */
export const unarchive = mutation({
  args: { room: v.string() },
  returns: v.object({ archivedAt: v.null() }),
  handler: async (ctx, args) => {
    const { room } = await requireKeeper(ctx, args.room);
    await archiving.unarchive(ctx, room);
    return { archivedAt: null };
  },
});

/** A room by name or id, with what the caller may do in it. */
export const get = query({
  args: { room: v.string() },
  returns: v.object({ ...summary, rights: v.array(right) }),
  handler: async (ctx, args) => {
    const reader = await requireRoomReader(ctx, args.room);
    return rooms.describe(reader.room, reader.rights);
  },
});

/** Every role of the team with its status; watched by the panel, so it reads nothing that a beat writes. */
export const getTeamReadiness = query({
  args: { room: v.string() },
  returns: v.object({ items: v.array(seatView) }),
  handler: async (ctx, args) => {
    const { room } = await requireRoomReader(ctx, args.room);
    return { items: await rooms.getTeamReadiness(ctx, room) };
  },
});

/**
 * Why nothing happens: for every role, or the one given, the first thing that holds its work up, since when,
 * and the command that helps. It may be watched: it reads nothing that a beat writes, and no clock.
 *
 * @throws `not_found` for a role that the team lacks
 */
export const explain = query({
  args: { room: v.string(), role: v.optional(v.string()) },
  returns: v.object({ items: v.array(explanation) }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room);
    return { items: await explainRoles(ctx, room, args.role) };
  },
});
