import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireMachine } from "./model/access/access.ts";
import * as commands from "./model/machines/commands.ts";
import { askedBy, commandKind } from "./model/validators.ts";

/** What the calling machine is asked to do and has not claimed yet. */
export const forMachine = query({
  args: {},
  returns: v.object({
    items: v.array(
      v.object({
        _id: v.id("commands"),
        kind: commandKind,
        roomId: v.id("rooms"),
        role: v.string(),
        asked: askedBy,
        deadline: v.number(),
      }),
    ),
  }),
  handler: async (ctx) => {
    const { machine } = await requireMachine(ctx);
    return { items: await commands.forMachine(ctx, machine) };
  },
});

/** Takes a command to execute it. `accepted: false`: too late, taken, or not of this daemon; do nothing. */
export const claim = mutation({
  args: { commandId: v.string(), epoch: v.number() },
  returns: v.object({ accepted: v.boolean() }),
  handler: async (ctx, args) => {
    const { machine } = await requireMachine(ctx);
    return { accepted: await commands.claim(ctx, machine, args) };
  },
});

/** Reports how a claimed command ended. */
export const finish = mutation({
  args: {
    commandId: v.string(),
    epoch: v.number(),
    ok: v.boolean(),
    reason: v.optional(v.string()),
  },
  returns: v.object({ accepted: v.boolean() }),
  handler: async (ctx, args) => {
    const { machine } = await requireMachine(ctx);
    return { accepted: await commands.finish(ctx, machine, args) };
  },
});
