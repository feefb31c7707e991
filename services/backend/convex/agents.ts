import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireMachine, requireMember } from "./model/access/access.ts";
import * as agents from "./model/seats/agents.ts";
import { remove as removeAgent } from "./model/seats/removal.ts";
import { restart as restartAgent } from "./model/machines/restart.ts";
import { agentStatus, agentType, desired } from "./model/validators.ts";

const answer = v.object({ agentStatus, desired });

/** Configures a role's agent (again) and adds the role to the team; it starts unless `desired` is stopped. */
export const add = mutation({
  args: {
    room: v.string(),
    role: v.string(),
    type: agentType,
    harness: v.string(),
    machineId: v.optional(v.string()),
    model: v.optional(v.string()),
    workingDir: v.optional(v.string()),
    desired: v.optional(desired),
  },
  returns: v.object({ agentId: v.id("agents") }),
  handler: async (ctx, { room: name, ...args }) => {
    const { room, user } = await requireMember(ctx, name, "manage");
    return { agentId: await agents.add(ctx, room, user, args) };
  },
});

/** A person wants it running: gives also an agent whose restarts are used up one fresh trial. */
export const start = mutation({
  args: { room: v.string(), role: v.string() },
  returns: answer,
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await agents.start(ctx, room, args.role);
  },
});

/** A person wants it stopped: `desired` is written first, then its machine ends it; nothing brings it back. */
export const stop = mutation({
  args: { room: v.string(), role: v.string() },
  returns: answer,
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await agents.stop(ctx, room, args.role);
  },
});

/**
 * A person wants it anew: it leaves, its task goes back, and it is started again. One that is down is started.
 *
 * @throws `illegal_transition` for an agent that no machine runs
 */
export const restart = mutation({
  args: { room: v.string(), role: v.string() },
  returns: answer,
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await restartAgent(ctx, room, args.role);
  },
});

/** The person's crash test: its machine sends SIGKILL, and recovery has to do the rest. */
export const kill = mutation({
  args: { room: v.string(), role: v.string() },
  returns: answer,
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await agents.kill(ctx, room, args.role);
  },
});

/**
 * A person takes the agent out of its role: it leaves, its task goes back, its credentials die, and its machine
 * ends the process. The role, its queue and its history stay.
 *
 * @throws `not_found` for a role without an agent
 */
export const remove = mutation({
  args: { room: v.string(), role: v.string() },
  returns: v.object({}),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await removeAgent(ctx, room, args.role);
  },
});

/** What the calling machine is to run: the input of its supervisor. */
export const forMachine = query({
  args: {},
  returns: v.object({
    items: v.array(
      v.object({
        roomId: v.id("rooms"),
        roomName: v.string(),
        role: v.string(),
        desired,
        harness: v.string(),
        model: v.union(v.string(), v.null()),
        workingDir: v.union(v.string(), v.null()),
        /** `live`: somebody sits there, waiting or working. */
        agentStatus: v.union(agentStatus, v.literal("live")),
        /** Exact while nobody is live there; else that of the machine's last start, or a later one. */
        epoch: v.number(),
        /** Its HEARTBEAT.md is to be looked at and reported when it changes. */
        heartbeat: v.boolean(),
      }),
    ),
  }),
  handler: async (ctx) => {
    const { machine } = await requireMachine(ctx);
    return { items: await agents.forMachine(ctx, machine) };
  },
});
