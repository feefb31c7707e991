import { v } from "convex/values";
import { internalMutation } from "./_generated/server.js";
import * as users from "./model/access/users.ts";

/**
 * The first thing that happens to a deployment, and to every start of an embedded home: makes the owner and
 * the machine when they are missing, mints the secrets asked for (shown this once) and a sign-in code.
 */
export const bootstrap = internalMutation({
  args: {
    owner: v.string(),
    machine: v.string(),
    mintPerson: v.boolean(),
    mintMachine: v.boolean(),
  },
  returns: v.object({
    personSecret: v.optional(v.string()),
    machineSecret: v.optional(v.string()),
    code: v.string(),
  }),
  handler: async (ctx, args) => await users.bootstrap(ctx, args),
});
