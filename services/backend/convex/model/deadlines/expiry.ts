import { expiryEvent, isLive, isTerminal, leaseLength, returnEvent } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { letGo } from "../tasks/cancel.ts";
import * as commands from "../machines/commands.ts";
import { notice } from "../rooms/messages.ts";
import * as machines from "../machines/machines.ts";
import * as participants from "../seats/participants.ts";
import * as seating from "../seats/seating.ts";
import * as tasks from "../tasks/tasks.ts";
import { timing } from "../timing.ts";
import { pendingTooLong } from "../tasks/undelivered.ts";
import { seated } from "../seats/seated.ts";
import type { Participant } from "../seats/seated.ts";

/**
 * A lease ran out. While the backend was away nobody could renew it, so whatever ended up to `awayUntil` gets
 * one more length from now, once. Answers the machine that is lost by it, if it was a machine's.
 */
export async function expireLease(
  ctx: MutationCtx,
  lease: Doc<"leases">,
  awayUntil: number,
): Promise<Doc<"machines"> | null> {
  if (lease.readyUntil !== null && lease.readyUntil <= awayUntil) {
    const { DAEMON_HEARTBEAT_TTL_MS } = timing();
    const length =
      lease.machineId === undefined ? leaseLength("attended", timing()) : DAEMON_HEARTBEAT_TTL_MS;
    await ctx.db.patch("leases", lease._id, { readyUntil: Date.now() + length });
    return null;
  }
  await ctx.db.patch("leases", lease._id, { readyUntil: null });
  if (lease.participantId !== undefined) await expireSeat(ctx, lease);
  return lease.machineId === undefined ? null : await loseMachine(ctx, lease.machineId);
}

async function loseMachine(
  ctx: MutationCtx,
  machineId: Id<"machines">,
): Promise<Doc<"machines"> | null> {
  const machine = await ctx.db.get("machines", machineId);
  if (machine !== null) await machines.lose(ctx, machine);
  return machine;
}

async function expireSeat(ctx: MutationCtx, lease: Doc<"leases">): Promise<void> {
  const { participantId, epoch, phase } = lease;
  const participant =
    participantId === undefined ? null : await ctx.db.get("participants", participantId);
  if (participant === null || participant.epoch !== epoch) return;
  await participants.apply(ctx, seated(participant), { type: expiryEvent(phase) });
}

/** A task's deadline came: what that means depends on the status in which it waited. */
export async function expireTask(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  await ctx.db.patch("tasks", task._id, { dueAt: undefined });
  if (task.status === "acknowledged") await recoverStuckAcknowledged(ctx, task);
  if (task.status === "in_progress") await recoverForgotten(ctx, task);
  if (task.status === "pending") await pendingTooLong(ctx, task);
  if (isTerminal(task.status)) await endTurn(ctx, task);
}

/** The turn of a task that is over did not end by itself: its machine ends the process; who has none is let go. */
async function endTurn(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  const holder = await tasks.holderOf(ctx, task);
  if (holder === null) return;
  const agent = await seating.find(ctx, task.roomId, task.role);
  if (agent?.type === "remote")
    await commands.request(
      ctx,
      agent,
      "kill-agent",
      "person",
      `the turn of its ${task.status} task did not end`,
    );
  else await letGo(ctx, holder);
}

/**
 * Under a live epoch a claimed task stays where it is and is offered to its holder once more, later people
 * hear of it; else it goes back.
 */
async function recoverStuckAcknowledged(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  const holder = await liveHolder(ctx, task);
  if (holder === null) {
    await recover(ctx, task);
    return;
  }
  const stalledAt = task.since + timing().TASK_STALLED_MS;
  if (Date.now() < stalledAt) {
    await ctx.db.patch("tasks", task._id, { dueAt: stalledAt, offered: Date.now() });
    return;
  }
  await ctx.db.patch("participants", holder._id, { stalled: true });
  await notice(ctx, task.roomId, `${task.role} claimed a task and has not begun it.`, task._id);
}

/** A started task comes back the moment its holder's epoch ends; this is the net under that. */
async function recoverForgotten(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  if ((await liveHolder(ctx, task)) === null) await recover(ctx, task);
  else
    await ctx.db.patch("tasks", task._id, { dueAt: Date.now() + timing().TASK_PENDING_TIMEOUT_MS });
}

async function recover(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  const event = returnEvent(task, "lease_expired");
  if (event !== null) await tasks.transitionTask(ctx, task, event);
}

/** Who holds the task under a live epoch; null when that is nobody. */
async function liveHolder(ctx: MutationCtx, task: Doc<"tasks">): Promise<Participant | null> {
  const holder = await tasks.holderOf(ctx, task);
  if (holder === null || holder.epoch !== task.epoch) return null;
  return isLive(holder.agentStatus) ? holder : null;
}

/** The backoff is over: waiters see the task from now on. */
export async function offer(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  await ctx.db.patch("tasks", task._id, { notBefore: undefined });
}
