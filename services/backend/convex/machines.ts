import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireMachine, requirePerson } from "./model/access/access.ts";
import * as beats from "./model/seats/beats.ts";
import * as machines from "./model/machines/machines.ts";
import { beatAnswer, harness } from "./model/validators.ts";

const beat = { nextBeatMs: v.number(), leaseMs: v.number() };

/** A daemon takes over its machine: a new epoch, by which everything that an older daemon says is stale. */
export const register = mutation({
  args: {
    name: v.string(),
    os: v.string(),
    harnesses: v.array(harness),
    daemonVersion: v.string(),
  },
  returns: v.object({
    machineId: v.id("machines"),
    epoch: v.number(),
    ...beat,
    /** The timing profile of core that holds here, value by value. */
    timing: v.record(v.string(), v.union(v.number(), v.array(v.number()))),
  }),
  handler: async (ctx, args) => {
    const { machine } = await requireMachine(ctx);
    return await machines.register(ctx, machine, args);
  },
});

/** The machine's programs have changed while its daemon runs. An older daemon's word changes nothing. */
export const offer = mutation({
  args: { epoch: v.number(), harnesses: v.array(harness) },
  returns: v.object({ accepted: v.boolean() }),
  handler: async (ctx, args) => {
    const { machine } = await requireMachine(ctx);
    return { accepted: await machines.offer(ctx, machine, args) };
  },
});

/** One beat for the machine and all its agents; each gets its own answer. */
export const daemonHeartbeat = mutation({
  args: {
    epoch: v.number(),
    agents: v.array(
      v.object({
        room: v.string(),
        role: v.string(),
        epoch: v.number(),
        holderId: v.string(),
        /** How long ago its machine heard the agent itself; none means just now. */
        silentMs: v.optional(v.number()),
      }),
    ),
  },
  returns: v.object({
    answer: beatAnswer,
    ...beat,
    agents: v.array(v.object({ room: v.string(), role: v.string(), answer: beatAnswer })),
  }),
  handler: async (ctx, args) => {
    const { machine } = await requireMachine(ctx);
    return await beats.daemonHeartbeat(ctx, machine, args);
  },
});

/** The daemon ends on purpose. An older daemon's goodbye changes nothing. */
export const disconnect = mutation({
  args: { epoch: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { machine } = await requireMachine(ctx);
    return await machines.disconnect(ctx, machine, args.epoch);
  },
});

/** The caller's machines. */
export const list = query({
  args: {},
  returns: v.object({
    items: v.array(
      v.object({
        _id: v.id("machines"),
        name: v.string(),
        os: v.string(),
        daemonConnected: v.boolean(),
        since: v.number(),
        harnesses: v.array(harness),
      }),
    ),
  }),
  handler: async (ctx) => {
    const { user } = await requirePerson(ctx);
    return { items: await machines.listFor(ctx, user) };
  },
});
