import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireAgent, requireMember, requireRoomReader } from "./model/access/access.ts";
import { once } from "./model/answers.ts";
import * as messages from "./model/rooms/messages.ts";
import * as progress from "./model/turns/progress.ts";
import * as sends from "./model/rooms/sends.ts";
import { messageView, seat, wakes } from "./model/validators.ts";

/**
 * A person's message becomes a task of the addressed role, or of the entry role, and wakes that role's agent
 * when it is down and wanted: all or nothing. `wakes.note` says in a sentence what happens now.
 */
export const send = mutation({
  args: { room: v.string(), to: v.optional(v.string()), text: v.string(), key: v.string() },
  returns: v.object({
    messageId: v.id("messages"),
    seq: v.number(),
    taskId: v.id("tasks"),
    role: v.string(),
    wakes,
  }),
  handler: async (ctx, { key, ...args }) => {
    const member = await requireMember(ctx, args.room, "send");
    return await once(ctx, member.scope, "messages.send", key, () => sends.send(ctx, member, args));
  },
});

/**
 * Messages of the room in their order: after `since`, or the last ones before `before`, or the last ones.
 * At most 200 at once.
 */
export const list = query({
  args: {
    room: v.string(),
    since: v.optional(v.number()),
    before: v.optional(v.number()),
    limit: v.optional(v.number()),
  },
  returns: v.object({ items: v.array(messageView) }),
  handler: async (ctx, args) => {
    const { room } = await requireRoomReader(ctx, args.room);
    return { items: await messages.list(ctx, room, args) };
  },
});

/** Tells the room how the work goes; it is also the role's activity line. */
export const reportProgress = mutation({
  args: {
    ...seat,
    taskId: v.optional(v.string()),
    token: v.optional(v.string()),
    text: v.string(),
    key: v.string(),
  },
  returns: v.object({ messageId: v.id("messages") }),
  handler: async (ctx, { key, ...args }) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await once(ctx, agent.scope, "messages.reportProgress", key, () =>
      progress.report(ctx, agent, args),
    );
  },
});
