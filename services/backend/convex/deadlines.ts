import { v } from "convex/values";
import { internalMutation } from "./_generated/server.js";
import { cleanup } from "./model/deadlines/cleanup.ts";
import * as deadlines from "./model/deadlines/deadlines.ts";

/** The deadline worker: handles what is due and sleeps until the next deadline. An outdated run does nothing. */
export const run = internalMutation({
  args: { generation: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => await deadlines.run(ctx, args.generation),
});

/** Every two minutes: re-arms a broken chain and clears away what is past its grace. */
export const cleanupStaleAgents = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => await cleanup(ctx),
});
