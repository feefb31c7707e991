import { v } from "convex/values";
import { internalMutation } from "./_generated/server.js";
import * as credentials from "./model/access/credentials.ts";
import * as signIn from "./model/access/signIn.ts";

/** The half of `auth.exchange` that reads the database. */
export const present = internalMutation({
  args: {
    secretHash: v.string(),
    seat: v.optional(v.object({ room: v.string(), role: v.string() })),
  },
  returns: v.id("credentials"),
  handler: async (ctx, args) => await credentials.present(ctx, args),
});

/** The half of `auth.redeemCode` that reads the database; null is a refusal that used up a try. */
export const redeem = internalMutation({
  args: { code: v.string(), label: v.string() },
  returns: v.union(v.object({ secret: v.string(), name: v.string() }), v.null()),
  handler: async (ctx, args) => await signIn.redeem(ctx, args),
});
