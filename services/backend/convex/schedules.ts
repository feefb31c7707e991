import { v } from "convex/values";
import { internalMutation, mutation, query } from "./_generated/server.js";
import { requireAgent, requireMember } from "./model/access/access.ts";
import { once } from "./model/answers.ts";
import { respond as respondTo } from "./model/tasks/handoffs.ts";
import * as schedules from "./model/schedules/schedules.ts";
import {
  cadence,
  quietHours,
  scheduleKind,
  scheduleState,
  scheduleView,
  settingsView,
  skipReason,
  someVisibility,
  tickOutcome,
  tickStatus,
  tickView,
  visibility,
} from "./model/schedules/validators.ts";
import * as views from "./model/schedules/views.ts";
import { decide as decideTick } from "./model/schedules/tickDecision.ts";
import { claim, taskStatus } from "./model/validators.ts";

const named = { room: v.string(), schedule: v.string() };

/**
 * Adds a schedule to a role: a heartbeat, or a prompt with the words to say, by interval, cron expression or
 * date. It ticks once the room's schedules are on; one by interval then ticks at once.
 *
 * @throws `invalid` for a cadence, zone, target or token that cannot be kept, `not_found` for an unknown role
 *   or channel, `conflict` for a name that is taken
 */
export const add = mutation({
  args: {
    room: v.string(),
    role: v.string(),
    name: v.string(),
    kind: scheduleKind,
    cadence,
    prompt: v.optional(v.string()),
    target: v.optional(v.string()),
    quietHours: v.optional(quietHours),
    okToken: v.optional(v.string()),
    key: v.string(),
  },
  returns: v.object({
    scheduleId: v.id("schedules"),
    nextDueAt: v.union(v.number(), v.null()),
    on: v.boolean(),
    note: v.string(),
  }),
  handler: async (ctx, { key, room, ...args }) => {
    const member = await requireMember(ctx, room, "manage");
    return await once(ctx, member.scope, "schedules.add", key, () =>
      schedules.add(ctx, member, args),
    );
  },
});

/** The room's settings, its schedules with how each stands, and what the caller sees of them: the room's word over theirs. */
export const list = query({
  args: { room: v.string() },
  returns: v.object({ settings: settingsView, shown: visibility, items: v.array(scheduleView) }),
  handler: async (ctx, args) => {
    const member = await requireMember(ctx, args.room);
    return await views.list(ctx, member);
  },
});

/** What a schedule did, newest first: every tick with its reason. At most 100 at once. */
export const ticks = query({
  args: { ...named, limit: v.optional(v.number()) },
  returns: v.object({ items: v.array(tickView) }),
  handler: async (ctx, { room: name, ...args }) => {
    const { room } = await requireMember(ctx, name);
    return { items: await views.history(ctx, room, args) };
  },
});

/** A schedule ticks no more until it is resumed. */
export const pause = mutation({
  args: named,
  returns: v.object({ state: scheduleState }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await schedules.pause(ctx, room, args.schedule);
  },
});

/**
 * A paused schedule, or one that a brake has stopped, ticks again.
 *
 * @throws `invalid` for a date that has passed
 */
export const resume = mutation({
  args: named,
  returns: v.object({ state: scheduleState, nextDueAt: v.union(v.number(), v.null()) }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await schedules.resume(ctx, room, args.schedule);
  },
});

/** One tick by hand, now, also of a paused schedule. A skip says why nobody was woken. */
export const run = mutation({
  args: { ...named, key: v.string() },
  returns: v.object({
    tickId: v.id("ticks"),
    status: tickStatus,
    reason: v.union(skipReason, v.null()),
    detail: v.union(v.string(), v.null()),
  }),
  handler: async (ctx, { key, ...args }) => {
    const member = await requireMember(ctx, args.room, "send");
    return await once(ctx, member.scope, "schedules.run", key, () =>
      schedules.run(ctx, member.room, args.schedule),
    );
  },
});

/** Removes a schedule, and the tasks of it that nobody has taken. `taken`: the task that goes on. */
export const remove = mutation({
  args: named,
  returns: v.object({ taken: v.union(v.id("tasks"), v.null()) }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "manage");
    return await schedules.remove(ctx, room, args.schedule);
  },
});

/** Switches a room's schedules on or off and sets what is shown and what may be spent; what is not given stays. */
export const configure = mutation({
  args: {
    room: v.string(),
    on: v.optional(v.boolean()),
    visibility: v.optional(someVisibility),
    runsPerDay: v.optional(v.number()),
    costPerDay: v.optional(v.number()),
    idleDays: v.optional(v.number()),
  },
  returns: settingsView,
  handler: async (ctx, { room: name, ...args }) => {
    const { room } = await requireMember(ctx, name, "manage");
    return await schedules.configure(ctx, room, args);
  },
});

/**
 * The typed answer to a tick: completes its task. With `notify` the text is news for people, without it is at
 * most one quiet line.
 *
 * @throws `illegal_transition` for a task that no tick has made
 */
export const respond = mutation({
  args: { ...claim, notify: v.boolean(), text: v.optional(v.string()), key: v.string() },
  returns: v.object({ status: taskStatus, outcome: tickOutcome }),
  handler: async (ctx, { key, ...args }) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await once(ctx, agent.scope, "schedules.respond", key, () =>
      respondTo(ctx, agent, args),
    );
  },
});

/** Decides a claimed tick; called by the deadline worker, in a transaction within its own. */
export const decide = internalMutation({
  args: { tickId: v.id("ticks") },
  returns: v.null(),
  handler: async (ctx, args): Promise<null> => {
    const tick = await ctx.db.get("ticks", args.tickId);
    return tick === null ? null : await decideTick(ctx, tick);
  },
});
