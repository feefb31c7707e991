import { unanswered } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { deadlineWorker, schedule } from "./arming.ts";
import { end } from "../machines/commands.ts";
import * as deliveries from "../inbox/deliveries.ts";
import { expireLease, expireTask, offer } from "./expiry.ts";
import * as notices from "../rooms/notices.ts";
import { tellOutage } from "./outage.ts";
import { close } from "../questions/questions.ts";
import { tickDue } from "../schedules/ticking.ts";
import { watchQueue } from "../tasks/queue.ts";
import { timing } from "../timing.ts";

const BATCH = 64;
/** Each tick reads a room's tasks and wakes. */
const TICKS = 16;

/**
 * One run of the deadline worker: a batch of each kind that is due, then to sleep until the earliest that is
 * left. While it runs it counts as armed for the beginning of time, so that nothing it does arms it again.
 */
export async function run(ctx: MutationCtx, generation: number): Promise<null> {
  const worker = await deadlineWorker(ctx);
  if (worker === null || worker.generation !== generation || worker.armedFor === null) return null;
  const now = Date.now();
  const late = now - worker.armedFor > timing().HEARTBEAT_INTERVAL_MS;
  const awayUntil = late ? now : worker.awayUntil;
  await ctx.db.patch("deadlineWorker", worker._id, { armedFor: 0, awayUntil });
  await expireLeases(ctx, now, awayUntil);
  for (const task of await backoffs(ctx, now).take(BATCH)) await offer(ctx, task);
  for (const task of await tasks(ctx, now).take(BATCH)) await expireTask(ctx, task);
  for (const command of await commands(ctx, now).take(BATCH)) await expireCommand(ctx, command);
  for (const approval of await approvals(ctx, now).take(BATCH))
    await close(ctx, approval, { status: unanswered(approval.kind) });
  for (const state of await schedules(ctx, now).take(TICKS)) await tickDue(ctx, state);
  for (const delivery of await outbox(ctx, now).take(BATCH)) await deliveries.expire(ctx, delivery);
  for (const { _id } of await announced(ctx, now).take(BATCH)) await notices.end(ctx, _id);
  const next = await earliest(ctx);
  if (next === null) await ctx.db.patch("deadlineWorker", worker._id, { armedFor: null });
  else await schedule(ctx, worker, Math.max(next, now));
  return null;
}

async function expireLeases(ctx: MutationCtx, now: number, awayUntil: number): Promise<void> {
  const lost: Doc<"machines">[] = [];
  for (const lease of await leases(ctx, now).take(BATCH)) {
    const machine = await expireLease(ctx, lease, awayUntil);
    if (machine !== null) lost.push(machine);
  }
  await tellOutage(ctx, lost);
}

async function expireCommand(ctx: MutationCtx, command: Doc<"commands">): Promise<void> {
  const missed = command.status === "pending" ? "taken up" : "finished";
  await end(ctx, command, "expired", `was not ${missed} in time`);
  // A machine that was away has started nothing: the work that waits is looked at again.
  if (command.kind === "start-agent") await watchQueue(ctx, command);
}

/** The earliest deadline that stands; null when there is none at all. */
export async function earliest(ctx: MutationCtx): Promise<number | null> {
  const firsts = [
    (await leases(ctx).first())?.readyUntil,
    (await backoffs(ctx).first())?.notBefore,
    (await tasks(ctx).first())?.dueAt,
    (await commands(ctx).first())?.deadline,
    (await approvals(ctx).first())?.deadline,
    (await schedules(ctx).first())?.nextDueAt,
    (await outbox(ctx).first())?.dueAt,
    (await announced(ctx).first())?.endsAt,
  ].filter((at) => typeof at === "number");
  return firsts.length === 0 ? null : Math.min(...firsts);
}

// Each kind of deadline up to `until`, the earliest first; 0 leaves out the rows that have none.

const leases = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db
    .query("leases")
    .withIndex("by_readyUntil", (q) => q.gt("readyUntil", 0).lte("readyUntil", until));

const backoffs = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db
    .query("tasks")
    .withIndex("by_notBefore", (q) => q.gt("notBefore", 0).lte("notBefore", until));

const tasks = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db.query("tasks").withIndex("by_dueAt", (q) => q.gt("dueAt", 0).lte("dueAt", until));

const commands = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db
    .query("commands")
    .withIndex("by_deadline", (q) => q.gt("deadline", 0).lte("deadline", until));

const approvals = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db
    .query("approvals")
    .withIndex("by_deadline", (q) => q.gt("deadline", 0).lte("deadline", until));

const schedules = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db
    .query("scheduleStates")
    .withIndex("by_nextDueAt", (q) => q.gt("nextDueAt", 0).lte("nextDueAt", until));

const outbox = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db.query("deliveries").withIndex("by_dueAt", (q) => q.gt("dueAt", 0).lte("dueAt", until));

const announced = (ctx: MutationCtx, until = Number.MAX_VALUE) =>
  ctx.db.query("notices").withIndex("by_endsAt", (q) => q.gt("endsAt", 0).lte("endsAt", until));
