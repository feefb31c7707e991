import { expiryEvent, isLive, isTerminal, leaseLength, returnEvent } from "@muster/core";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { letGo } from "./cancel.ts";
import * as commands from "./commands.ts";
import { notice } from "./messages.ts";
import * as machines from "./machines.ts";
import * as participants from "./participants.ts";
import * as seating from "./seating.ts";
import * as tasks from "./tasks.ts";
import { timing } from "./timing.ts";
import { autoRestartOfflineAgent } from "./wake.ts";

/**
 * A lease ran out. While the backend was away nobody could renew it, so whatever ended up to `awayUntil` gets
 * one more length from now, once.
 */
export async function expireLease(
  ctx: MutationCtx,
  lease: Doc<"leases">,
  awayUntil: number,
): Promise<void> {
  if (lease.readyUntil !== null && lease.readyUntil <= awayUntil) {
    const { DAEMON_HEARTBEAT_TTL_MS } = timing();
    const length =
      lease.machineId === undefined ? leaseLength("attended", timing()) : DAEMON_HEARTBEAT_TTL_MS;
    await ctx.db.patch("leases", lease._id, { readyUntil: Date.now() + length });
    return;
  }
  await ctx.db.patch("leases", lease._id, { readyUntil: null });
  if (lease.machineId !== undefined) await loseMachine(ctx, lease);
  if (lease.participantId !== undefined) await expireSeat(ctx, lease);
}

async function loseMachine(ctx: MutationCtx, { machineId }: Doc<"leases">): Promise<void> {
  const machine = machineId === undefined ? null : await ctx.db.get("machines", machineId);
  if (machine !== null) await machines.lose(ctx, machine);
}

async function expireSeat(ctx: MutationCtx, lease: Doc<"leases">): Promise<void> {
  const { participantId, epoch, phase } = lease;
  const participant =
    participantId === undefined ? null : await ctx.db.get("participants", participantId);
  if (participant === null || participant.epoch !== epoch) return;
  await participants.apply(ctx, participant, { type: expiryEvent(phase) });
}

/** A task's deadline came: what that means depends on the status in which it waited. */
export async function expireTask(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  await ctx.db.patch("tasks", task._id, { dueAt: undefined });
  if (task.status === "acknowledged") await recoverStuckAcknowledged(ctx, task);
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

/** Under a live epoch a claimed task stays where it is, but people hear of it; else it goes back. */
async function recoverStuckAcknowledged(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  const participant = await participants.find(ctx, task.roomId, task.role);
  const holds =
    participant !== null &&
    participant.epoch === task.epoch &&
    participant.currentTaskId === task._id;
  if (!holds || !isLive(participant.agentStatus)) {
    const event = returnEvent(task, "lease_expired");
    if (event !== null) await tasks.transitionTask(ctx, task, event);
    return;
  }
  const stalledAt = task.since + timing().TASK_STALLED_MS;
  if (Date.now() < stalledAt) {
    await ctx.db.patch("tasks", task._id, { dueAt: stalledAt });
    return;
  }
  await ctx.db.patch("participants", participant._id, { stalled: true });
  await notice(ctx, task.roomId, `${task.role} claimed a task and has not begun it.`, task._id);
}

/**
 * Offered for long and nobody works on it: one start for a remote agent that is down, else one notice to the
 * room. A role that works gets to its queue, and a task that is held back waits for a person anyway.
 */
async function pendingTooLong(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  if (task.heldBy !== undefined) return;
  const participant = await participants.find(ctx, task.roomId, task.role);
  if (participant?.agentStatus === "working") {
    const dueAt = Date.now() + timing().TASK_PENDING_TIMEOUT_MS;
    await ctx.db.patch("tasks", task._id, { dueAt });
    return;
  }
  const agent = await seating.find(ctx, task.roomId, task.role);
  if (await autoRestartOfflineAgent(ctx, agent, participant, "nobody")) return;
  const status = participant?.agentStatus ?? "offline";
  const text = `A task of ${task.role}, which is ${status}, waits and nobody takes it.`;
  await notice(ctx, task.roomId, text, task._id);
}

/** The backoff is over: waiters see the task from now on. */
export async function offer(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  await ctx.db.patch("tasks", task._id, { notBefore: undefined });
}
