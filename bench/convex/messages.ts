import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

/** The smallest functions that read and write as a chatroom does, so that the runtime alone is measured. */
export const send = mutationGeneric({
  args: { room: v.string(), text: v.string() },
  returns: v.id("messages"),
  handler: async (ctx, message) => await ctx.db.insert("messages", message),
});

export const fill = mutationGeneric({
  args: { room: v.string(), count: v.number() },
  returns: v.null(),
  handler: async (ctx, { room, count }) => {
    for (let at = 0; at < count; at += 1)
      await ctx.db.insert("messages", { room, text: `Plank ${at} of the boat is painted.` });
    return null;
  },
});

const newest = (most: number) =>
  queryGeneric({
    /** Readers by name have runs of their own. */
    args: { room: v.string(), reader: v.optional(v.string()) },
    handler: async (ctx, { room }) =>
      await ctx.db
        .query("messages")
        .withIndex("by_room", (range) => range.eq("room", room))
        .order("desc")
        .take(most),
  });

export const newestTen = newest(10);
export const newestFifty = newest(50);

/** Reads three hundred documents to answer with one number: a query that takes about a millisecond. */
export const longest = queryGeneric({
  args: { room: v.string(), reader: v.optional(v.string()) },
  handler: async (ctx, { room }) => {
    const messages = await ctx.db
      .query("messages")
      .withIndex("by_room", (range) => range.eq("room", room))
      .order("desc")
      .take(300);
    return Math.max(...messages.map(({ text }) => text.length));
  },
});

/** What an agent waits for: the one document that is new to it. */
export const next = queryGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const last = await ctx.db
      .query("messages")
      .withIndex("by_room", (range) => range.eq("room", room))
      .order("desc")
      .first();
    return last?._id ?? null;
  },
});
