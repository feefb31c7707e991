import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requirePerson } from "./model/access/access.ts";
import { firstRoom as findFirstRoom } from "./model/inbox/inbox.ts";
import * as inboxes from "./model/inbox/inboxes.ts";
import {
  inboxSettingsView,
  inboxView,
  quietHours,
  someVisibility,
} from "./model/schedules/validators.ts";

/** What was sent to the caller, newest first, and how many of it they have not seen. At most 100 at once. */
export const list = query({
  args: { limit: v.optional(v.number()) },
  returns: v.object({ unseen: v.number(), items: v.array(inboxView) }),
  handler: async (ctx, args) => {
    const { user } = await requirePerson(ctx);
    return await inboxes.list(ctx, user, args.limit);
  },
});

/**
 * The name of the room that a person who named none begins in: where somebody has waited longest for their answer, else
 * where the last word was said. Null without a room. Asked once, never watched: every message changes it.
 */
export const firstRoom = query({
  args: {},
  returns: v.object({ room: v.union(v.string(), v.null()) }),
  handler: async (ctx) => {
    const { user } = await requirePerson(ctx);
    return { room: await findFirstRoom(ctx, user) };
  },
});

/** The caller has seen these, at most 100 at once. `unknown`: those that are none of the caller's. */
export const seen = mutation({
  args: { deliveryIds: v.array(v.string()) },
  returns: v.object({ unseen: v.number(), unknown: v.array(v.string()) }),
  handler: async (ctx, args) => {
    const { user } = await requirePerson(ctx);
    return await inboxes.see(ctx, user, args.deliveryIds);
  },
});

/** The caller's quiet hours, what their dashboard shows, and the channels that reach them. */
export const settings = query({
  args: {},
  returns: inboxSettingsView,
  handler: async (ctx) => {
    const { user } = await requirePerson(ctx);
    return await inboxes.settings(ctx, user);
  },
});

/** Changes what is given; `quietHours: null` ends them. */
export const configure = mutation({
  args: {
    quietHours: v.optional(v.union(quietHours, v.null())),
    visibility: v.optional(someVisibility),
  },
  returns: inboxSettingsView,
  handler: async (ctx, args) => {
    const { user } = await requirePerson(ctx);
    return await inboxes.configure(ctx, user, args);
  },
});
