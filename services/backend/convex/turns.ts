import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import {
  requireAgent,
  requireInTeam,
  requireMember,
  requireRoomReader,
} from "./model/access/access.ts";
import { once } from "./model/answers.ts";
import * as turnReads from "./model/turns/reads.ts";
import * as turns from "./model/turns/turns.ts";
import {
  begunTurn,
  diff,
  reportedStopReason,
  turnEvent,
  turnEventView,
  turnView,
  usage,
} from "./model/turns/validators.ts";
import { claim as fence, seat } from "./model/validators.ts";

/**
 * A harness gets a prompt for a task that its agent holds. `graceMs`: how long the turn may go on once the task is
 * over. @throws `stale_claim`, `rejoin_required`
 */
export const begin = mutation({
  args: { ...fence, harness: v.string(), key: v.string() },
  returns: begunTurn,
  handler: async (ctx, { key, ...args }) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await once(ctx, agent.scope, "turns.begin", key, () => turns.begin(ctx, agent, args));
  },
});

/**
 * Adds events to the caller's running turn: at most 100 at once, each at most 4 KiB, numbered from 1 on.
 * `from` is the number of the first of them, so a batch that comes again adds nothing. `activity` is what
 * the agent does right now (null: nothing to show); `usage` is what the turn has used up in all so far.
 *
 * A turn that has ended, or is another epoch's, stays as it is, and the answer is the same.
 *
 * @throws `conflict` when events are missing before `from`, `too_large`
 */
export const record = mutation({
  args: {
    ...seat,
    turnId: v.string(),
    from: v.number(),
    events: v.array(turnEvent),
    activity: v.optional(v.union(v.string(), v.null())),
    usage: v.optional(usage),
  },
  returns: v.object({}),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await turns.record(ctx, agent, args);
  },
});

/**
 * The harness stopped: what it still asked is void, and a task that was over before is let go. The turn's last events
 * may come with it, as `turns.record` takes them, and what its task has changed, as `tasks.recordDiff` does.
 *
 * @throws `conflict`, `too_large` as `turns.record` does; the turn then goes on
 */
export const end = mutation({
  args: {
    ...seat,
    turnId: v.string(),
    from: v.optional(v.number()),
    events: v.optional(v.array(turnEvent)),
    diff: v.optional(diff),
    stopReason: reportedStopReason,
    usage: v.optional(usage),
    error: v.optional(v.string()),
  },
  returns: v.object({}),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await turns.end(ctx, agent, args);
  },
});

/** The turns of a task, oldest first, each with its totals. */
export const ofTask = query({
  args: { room: v.string(), taskId: v.string() },
  returns: v.object({ items: v.array(turnView) }),
  handler: async (ctx, args) => {
    const { room } = await requireRoomReader(ctx, args.room);
    return { items: await turnReads.ofTask(ctx, room, args.taskId) };
  },
});

/** Events of a turn in their order: after `after`, or the last ones. At most 500 at once, 100 unless told. */
export const events = query({
  args: {
    room: v.string(),
    turnId: v.string(),
    after: v.optional(v.number()),
    limit: v.optional(v.number()),
  },
  returns: v.object({ items: v.array(turnEventView) }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room);
    return { items: await turnReads.events(ctx, room, args) };
  },
});

/** The role's running or last turn; null when it never had one. @throws `not_found` for a role that is not in the team */
export const latest = query({
  args: { room: v.string(), role: v.string() },
  returns: v.union(turnView, v.null()),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room);
    requireInTeam(room, args.role);
    return await turnReads.latest(ctx, room, args.role);
  },
});
