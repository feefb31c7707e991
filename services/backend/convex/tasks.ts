import { v } from "convex/values";
import type { Infer } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireAgent, requireMember, requireRoomReader } from "./model/access/access.ts";
import { once } from "./model/answers.ts";
import * as claims from "./model/tasks/claims.ts";
import * as handoffs from "./model/tasks/handoffs.ts";
import { cancel as cancelTask } from "./model/tasks/cancel.ts";
import * as diffs from "./model/tasks/diffs.ts";
import { next as nextInQueue, queueOf } from "./model/tasks/queue.ts";
import { retry as retryTask } from "./model/tasks/retry.ts";
import * as tasks from "./model/tasks/tasks.ts";
import { oldestUndelivered as oldest } from "./model/tasks/undelivered.ts";
import * as turns from "./model/turns/turns.ts";
import { begunTurn, diff as taskDiff } from "./model/turns/validators.ts";
import { claim as fence, delivery, seat, taskStatus, taskView } from "./model/validators.ts";

/**
 * The task that the caller's role may claim now; the waiter's only subscription. Whoever says which holder it is hears
 * at once that another one took its seat.
 *
 * @throws `superseded`
 */
export const next = query({
  args: {
    room: v.string(),
    role: v.string(),
    holder: v.optional(v.object({ epoch: v.number(), holderId: v.string() })),
  },
  returns: v.union(v.object({ taskId: v.id("tasks") }), v.null()),
  handler: async (ctx, { holder, ...args }) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    if (holder !== undefined) await claims.requireNotTaken(ctx, agent, holder);
    return await nextInQueue(ctx, agent.room._id, args.role);
  },
});

/**
 * What a driven agent watches for as long as it sits: the task that it may claim now, and the one of its role that is
 * begun. Runs again when one of them changes, and for nothing else.
 *
 * @throws `superseded`
 */
export const queue = query({
  args: {
    room: v.string(),
    role: v.string(),
    holder: v.object({ epoch: v.number(), holderId: v.string() }),
  },
  returns: v.object({
    next: v.union(v.id("tasks"), v.null()),
    begun: v.union(v.id("tasks"), v.null()),
  }),
  handler: async (ctx, { holder, ...args }) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    await claims.requireNotTaken(ctx, agent, holder);
    return await queueOf(ctx, agent.room._id, args.role);
  },
});

const claimed = v.object({ ...delivery.fields, turn: v.optional(begunTurn) });

/**
 * Takes a task of the caller's role. The same holder asking again, because the reply was lost, gets the task
 * again and no new attempt: with a fresh token or, when it brings the `token` of its own that it had brought before
 * (128 random bits in hex), with that one. With a `harness` the work begins at once: the task is started and its
 * first turn begun, as `tasks.start` and `turns.begin` do.
 *
 * @throws `superseded`, `rejoin_required`, `illegal_transition` when somebody else was quicker
 */
export const claim = mutation({
  args: {
    ...seat,
    taskId: v.string(),
    holderId: v.string(),
    token: v.optional(v.string()),
    harness: v.optional(v.string()),
  },
  returns: claimed,
  handler: async (ctx, { harness, ...args }): Promise<Infer<typeof claimed>> => {
    const agent = await requireAgent(ctx, args.room, args.role);
    if (harness === undefined) return await claims.claim(ctx, agent, args);
    return await turns.take(ctx, agent, { ...args, harness });
  },
});

/** Takes up a task again that the caller held before it was declared dead and that nobody has claimed since. */
export const resume = mutation({
  args: fence,
  returns: delivery,
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await claims.resume(ctx, agent, args);
  },
});

/** Says that work on a claimed task has begun. @throws `stale_claim` with an old token */
export const start = mutation({
  args: fence,
  returns: v.object({ status: taskStatus }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return { status: await claims.start(ctx, agent, args) };
  },
});

/** Gives a claimed task back to the queue. @throws `stale_claim` with an old token */
export const release = mutation({
  args: fence,
  returns: v.object({ status: taskStatus }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return { status: await claims.release(ctx, agent, args) };
  },
});

/** Ends a task without a message to anyone but, with `text`, the room. @throws `stale_claim` */
export const complete = mutation({
  args: { ...fence, text: v.optional(v.string()), key: v.string() },
  returns: v.object({ status: taskStatus }),
  handler: async (ctx, { key, ...args }) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await once(ctx, agent.scope, "tasks.complete", key, () =>
      handoffs.complete(ctx, agent, args),
    );
  },
});

/** Ends the caller's own task and gives the work to another role, or with `user` back to the people. */
export const handOff = mutation({
  args: { ...fence, to: v.string(), text: v.string(), key: v.string() },
  returns: v.object({
    messageId: v.union(v.id("messages"), v.null()),
    nextTaskId: v.union(v.id("tasks"), v.null()),
  }),
  handler: async (ctx, { key, ...args }) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await once(ctx, agent.scope, "tasks.handOff", key, () =>
      handoffs.handOff(ctx, agent, args),
    );
  },
});

/** The room's tasks, newest first. */
export const list = query({
  args: { room: v.string(), limit: v.optional(v.number()) },
  returns: v.object({ items: v.array(taskView) }),
  handler: async (ctx, args) => {
    const { room } = await requireRoomReader(ctx, args.room);
    return { items: await tasks.list(ctx, room, args.limit) };
  },
});

/** The task of the room that is offered longest and that nobody has taken, and since when; null if there is none. */
export const oldestUndelivered = query({
  args: { room: v.string() },
  returns: v.union(
    v.object({ taskId: v.id("tasks"), role: v.string(), since: v.number() }),
    v.null(),
  ),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room);
    return await oldest(ctx, room);
  },
});

/** One task of the room. */
export const get = query({
  args: { room: v.string(), taskId: v.string() },
  returns: taskView,
  handler: async (ctx, args) => {
    const { room } = await requireRoomReader(ctx, args.room);
    return tasks.view(await tasks.inRoom(ctx, room, args.taskId));
  },
});

/** A person lets a task go on: a dead letter goes back to its role's queue, a held task is offered there. */
export const retry = mutation({
  args: { room: v.string(), taskId: v.string() },
  returns: v.object({ status: taskStatus }),
  handler: async (ctx, args) => {
    const { room } = await requireMember(ctx, args.room, "send");
    return { status: await retryTask(ctx, room, args.taskId) };
  },
});

/**
 * A person does not want it any more. A holder that works on it stays `working` until its turn has ended;
 * after a while its machine ends it.
 *
 * @throws `illegal_transition` when the task has ended already
 */
export const cancel = mutation({
  args: { room: v.string(), taskId: v.string() },
  returns: v.object({ status: taskStatus }),
  handler: async (ctx, args) => {
    const member = await requireMember(ctx, args.room, "send");
    return { status: await cancelTask(ctx, member, args.taskId) };
  },
});

/**
 * How a task stands that the caller's epoch claimed: watched during its turn, so that a cancelled one ends.
 *
 * @throws `superseded`, `stale_claim` when another epoch has claimed the task since
 */
export const held = query({
  args: { ...seat, taskId: v.string() },
  returns: v.object({ status: taskStatus }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return { status: await claims.held(ctx, agent, args) };
  },
});

/**
 * What the task changed in its repository, read by its machine; replaces what was recorded before. The epoch
 * that did the task may say it also after it has handed off. What is too large is cut, see core's `boundDiff`.
 *
 * @throws `stale_claim` for an epoch that did not do the task
 */
export const recordDiff = mutation({
  args: { ...seat, taskId: v.string(), diff: taskDiff },
  returns: v.object({}),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await diffs.record(ctx, agent, args);
  },
});

/** What a task changed in its repository, as far as it is known. */
export const diff = query({
  args: { room: v.string(), taskId: v.string() },
  returns: v.union(taskDiff, v.null()),
  handler: async (ctx, args) => {
    const { room } = await requireRoomReader(ctx, args.room);
    return await diffs.ofTask(ctx, room, args.taskId);
  },
});
