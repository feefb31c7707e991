import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireAgent, requireMachineOf, requireMember } from "./model/access/access.ts";
import * as beats from "./model/seats/beats.ts";
import * as history from "./model/rooms/history.ts";
import * as leases from "./model/seats/leases.ts";
import * as reports from "./model/machines/reports.ts";
import * as seats from "./model/seats/seats.ts";
import {
  agentStatus,
  beatAnswer,
  seat,
  statusAnswer,
  statusReport,
  taskStatus,
} from "./model/validators.ts";

const holder = { ...seat, holderId: v.string() };
const beat = { nextBeatMs: v.number(), leaseMs: v.number() };

/**
 * Sits down in the caller's role. The holder that is known already, or the process that the running start
 * was minted for, keeps its epoch; anyone else begins a new one and supersedes the old holder.
 *
 * `held` is the task of this epoch: `pending` means that it went back meanwhile and may be resumed.
 *
 * @throws `stopped` when people want the agent stopped, `superseded` when the caller lost this very seat
 *   within the last minute and does not say `takeOver`
 */
export const join = mutation({
  args: {
    room: v.string(),
    role: v.string(),
    holderId: v.string(),
    epoch: v.optional(v.number()),
    pid: v.optional(v.number()),
    takeOver: v.optional(v.boolean()),
  },
  returns: v.object({
    roomId: v.id("rooms"),
    roomName: v.string(),
    epoch: v.number(),
    agentStatus,
    ...beat,
    held: v.union(v.object({ taskId: v.id("tasks"), status: taskStatus }), v.null()),
  }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await seats.join(ctx, agent, args);
  },
});

/** Renews the seat's lease; answers what the holder has to do, and never throws for a lost seat. */
export const heartbeat = mutation({
  args: holder,
  returns: v.object({ answer: beatAnswer, ...beat }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role, { pastEpoch: true });
    return await beats.heartbeat(ctx, agent, args);
  },
});

/**
 * The waiting process ends but its program will come back: the seat stays as it is, and the lease runs for
 * the gap between two waits, or for unattended work while a task is held.
 */
export const park = mutation({
  args: holder,
  returns: v.object({ parkedUntil: v.union(v.number(), v.null()) }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return { parkedUntil: await seats.park(ctx, agent, args) };
  },
});

/** Gets up: the open task goes back, the role is offline. A holder that lost the seat changes nothing. */
export const leave = mutation({
  args: { ...holder, reason: v.optional(v.string()) },
  returns: v.object({ agentStatus }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role, { pastEpoch: true });
    return { agentStatus: await seats.leave(ctx, agent, args) };
  },
});

/**
 * A machine's report about a seat that it runs. A report of another epoch, or one that the status does not
 * allow, is recorded and answered with `accepted: false`. `restart_initiated` begins a new epoch and gives
 * the credential of the process to be started, this once.
 */
export const updateAgentStatus = mutation({
  args: { ...seat, event: statusReport },
  returns: statusAnswer,
  handler: async (ctx, args) => {
    const machine = await requireMachineOf(ctx, args.room, args.role);
    return await reports.updateAgentStatus(ctx, machine, args);
  },
});

/** The last 50 things that happened to a role, newest first. */
export const events = query({
  args: { room: v.string(), role: v.string() },
  returns: v.object({
    items: v.array(
      v.object({
        at: v.number(),
        event: v.string(),
        from: agentStatus,
        to: agentStatus,
        accepted: v.boolean(),
        reason: v.string(),
        epoch: v.number(),
        /** Who reported it, in words; null when that was not written down. */
        reporter: v.union(v.string(), v.null()),
      }),
    ),
  }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room);
    return { items: await history.list(ctx, room, args.role) };
  },
});

/** What the status rests on. Asked once when a person opens it, never watched: every beat changes it. */
export const evidence = query({
  args: { room: v.string(), role: v.string() },
  returns: v.object({
    renewedAt: v.union(v.number(), v.null()),
    readyUntil: v.union(v.number(), v.null()),
    renewedBy: v.union(v.string(), v.null()),
    epoch: v.number(),
  }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room);
    return await leases.evidence(ctx, room, args.role);
  },
});
