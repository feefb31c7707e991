import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { action, mutation, query } from "./_generated/server.js";
import { requirePerson, requirePrincipal } from "./model/access/access.ts";
import * as credentials from "./model/access/credentials.ts";
import { sha256 } from "./model/access/secrets.ts";
import { requireRate } from "./model/rates.ts";
import * as signIn from "./model/access/signIn.ts";
import { signToken } from "./model/access/token.ts";
import { credentialKind } from "./model/validators.ts";

/**
 * Gives a token of 60 minutes for a long-lived secret: the only way from one to the other. With `seat` a
 * member who may seat agents gets the token of that role. `expiresAt` is in milliseconds since 1970.
 *
 * @throws `not_signed_in` for an unknown or revoked secret, `not_found` and `not_allowed` for a seat
 */
export const exchange = action({
  args: {
    secret: v.string(),
    seat: v.optional(v.object({ room: v.string(), role: v.string() })),
  },
  returns: v.object({ token: v.string(), expiresAt: v.number() }),
  handler: async (ctx, args): Promise<{ token: string; expiresAt: number }> => {
    const credentialId = await ctx.runMutation(internal.credentials.present, {
      secretHash: await sha256(args.secret),
      ...(args.seat === undefined ? {} : { seat: args.seat }),
    });
    return await signToken(credentialId);
  },
});

/**
 * Turns a sign-in code into a revocable credential of the browser or terminal that presents it. An action,
 * because the tries that a wrong code uses up must stay used up although the call is refused.
 *
 * @throws `expired` when the code is wrong, used or too old; the hint says how to get a new one
 */
export const redeemCode = action({
  args: { code: v.string(), label: v.string() },
  returns: v.object({ secret: v.string(), name: v.string() }),
  handler: async (ctx, args): Promise<{ secret: string; name: string }> => {
    const outcome = await ctx.runMutation(internal.credentials.redeem, args);
    if (outcome === null) throw signIn.codeRefused();
    return outcome;
  },
});

/** A new sign-in code for the caller: good once, for ten minutes, for five tries. */
export const createCode = mutation({
  args: {},
  returns: v.object({ code: v.string(), expiresAt: v.number() }),
  handler: async (ctx) => {
    const person = await requirePerson(ctx);
    await requireRate(ctx, "code", person.user._id);
    return await signIn.createCode(ctx, person.user);
  },
});

/** Who the caller is. */
export const whoami = query({
  args: {},
  returns: v.object({
    kind: credentialKind,
    name: v.string(),
    room: v.optional(v.string()),
    role: v.optional(v.string()),
    machineId: v.optional(v.id("machines")),
  }),
  handler: async (ctx) => {
    const principal = await requirePrincipal(ctx);
    return await credentials.describe(ctx, principal);
  },
});

/** Revokes the credential that calls, and the seats that were taken with it. */
export const signOut = mutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const person = await requirePerson(ctx);
    return await credentials.revoke(ctx, person.credential);
  },
});
