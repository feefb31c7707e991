import { v } from "convex/values";
import { internalMutation, mutation, query } from "./_generated/server.js";
import { requireNotice, requirePrincipal } from "./model/access/access.ts";
import * as notices from "./model/rooms/notices.ts";
import { noticeView } from "./model/schedules/validators.ts";
import { oneOf } from "./model/validators.ts";

/** What everybody connected should know now: the server's notices and those of the caller's rooms. */
export const list = query({
  args: {},
  returns: v.object({ items: v.array(noticeView) }),
  handler: async (ctx) => {
    const principal = await requirePrincipal(ctx);
    return { items: await notices.listFor(ctx, principal) };
  },
});

/** A room's notice is not shown any more, to nobody. */
export const dismiss = mutation({
  args: { noticeId: v.string() },
  returns: v.object({}),
  handler: async (ctx, args) => {
    const { notice } = await requireNotice(ctx, args.noticeId);
    await notices.end(ctx, notice._id);
    return {};
  },
});

/** The server is about to do something, or has done it. Ends by itself at `endsAt`. */
export const announce = internalMutation({
  args: {
    kind: oneOf(["restart", "upgrade"]),
    text: v.string(),
    endsAt: v.optional(v.number()),
  },
  returns: v.object({ noticeId: v.id("notices") }),
  handler: async (ctx, args) => await notices.announce(ctx, args),
});

export const retract = internalMutation({
  args: { noticeId: v.id("notices") },
  returns: v.null(),
  handler: async (ctx, args) => {
    await notices.end(ctx, args.noticeId);
    return null;
  },
});
