import {
  FINISHING_TURN,
  backoffDelay,
  restartBackoff,
  returnEvent,
  taskTransition,
} from "@muster/core";
import type { ReturnCause, TaskEffect, TaskEvent } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import * as activities from "../turns/activities.ts";
import { arm } from "../deadlines/arming.ts";
import { notice } from "../rooms/messages.ts";
import { voidOfTask } from "../questions/questions.ts";
import { notFound } from "../refusal.ts";
import { randomHex, sha256 } from "../access/secrets.ts";
import { taskEnded } from "../schedules/tickEnds.ts";
import { timing } from "../timing.ts";
import { last } from "../turns/ends.ts";
import { seated } from "../seats/seated.ts";
import type { Participant } from "../seats/seated.ts";

type Task = Doc<"tasks">;
type Patch = {
  [Field in keyof Task]?: Task[Field] | (undefined extends Task[Field] ? undefined : never);
};
/** What one trigger does: the fields of the row to write, and what the caller has to know. */
type Change = {
  readonly patch: Patch;
  token?: string;
  holderEvent?: "task_started" | "task_released";
};
type Ctx = QueryCtx | MutationCtx;

/** Who does it: needed by the triggers that make somebody the holder. */
export type Holder = {
  readonly participant: Participant;
  readonly epoch: number;
  readonly holderId: string;
  /** The claim token that it brings itself. */
  readonly token?: string | undefined;
};

export type TaskOutcome = {
  readonly accepted: boolean;
  readonly task: Task;
  /** The claim token, when one was issued: shown this once. */
  readonly token: string | undefined;
  /** What the holder's participant has to hear now; `claims.advance` tells it. */
  readonly holderEvent: "task_started" | "task_released" | undefined;
};

/** The only writer of a task's status: asks the lifecycle and carries out what it says, in its order. */
export async function transitionTask(
  ctx: MutationCtx,
  task: Task,
  event: TaskEvent,
  holder?: Holder,
): Promise<TaskOutcome> {
  const outcome = taskTransition(task.status, event);
  if (outcome.refused) return { accepted: false, task, token: undefined, holderEvent: undefined };
  const change: Change = { patch: { status: outcome.status } };
  const { patch } = change;
  if (outcome.status !== task.status) patch.since = Date.now();
  for (const effect of outcome.effects) await carryOut(ctx, task, change, effect, holder);
  await ctx.db.patch("tasks", task._id, patch);
  if (patch.dueAt !== undefined) await arm(ctx, patch.dueAt);
  if (patch.notBefore !== undefined) await arm(ctx, patch.notBefore);
  await taskEnded(ctx, task, outcome.status);
  const { token, holderEvent } = change;
  return { accepted: true, task: { ...task, ...patch } as Task, token, holderEvent };
}

// The switch is exhaustive, so that a new effect does not compile before it is carried out.
async function carryOut(
  ctx: MutationCtx,
  task: Task,
  change: Change,
  effect: TaskEffect,
  holder: Holder | undefined,
): Promise<void> {
  const { patch } = change;
  const now = Date.now();
  switch (effect.type) {
    case "countAttempt":
      patch.attempt = task.attempt + 1;
      break;
    case "issueToken":
      change.token = holder?.token ?? randomHex(16);
      patch.tokenHash = await sha256(change.token);
      break;
    case "retireToken":
      patch.tokenHash = undefined;
      break;
    case "setHolder":
      if (holder === undefined) throw new Error("A task was given to nobody.");
      patch.epoch = holder.epoch;
      patch.holderId = holder.holderId;
      patch.was = undefined;
      patch.notBefore = undefined;
      await ctx.db.patch("participants", holder.participant._id, { currentTaskId: task._id });
      break;
    case "clearHolder":
      patch.was = effect.was;
      await freeSeat(ctx, task);
      break;
    case "occupyHolder":
      change.holderEvent = "task_started";
      break;
    case "freeHolder":
      if (await isStillInTurn(ctx, task))
        patch.dueAt = now + timing().TURN_GRACE_MS + timing().CANCEL_GRACE_MS;
      else change.holderEvent = "task_released";
      break;
    case "stopTurn":
      if (await isWorkedOn(ctx, task)) patch.dueAt = now + timing().CANCEL_GRACE_MS;
      else await freeSeat(ctx, task);
      break;
    case "voidQuestions":
      await voidOfTask(ctx, task);
      break;
    case "countRecovery":
      patch.recoveries = task.recoveries + 1;
      break;
    case "resetRecoveries":
      patch.recoveries = 0;
      patch.reason = undefined;
      break;
    case "offer":
      patch.offered = now;
      patch.dueAt = now + timing().TASK_PENDING_TIMEOUT_MS;
      patch.notBefore = effect.backoff ? now + backoff(patch.recoveries ?? 1) : undefined;
      break;
    case "armAcknowledgedDeadline":
      patch.dueAt = now + timing().TASK_ACKNOWLEDGED_TIMEOUT_MS;
      break;
    case "armHolderCheck":
      patch.dueAt = now + timing().TASK_PENDING_TIMEOUT_MS;
      break;
    case "clearDeadline":
      patch.dueAt = undefined;
      patch.notBefore = undefined;
      break;
    case "postDeadLetter":
      patch.reason = `given up after ${task.recoveries} recoveries; the last time ${CAUSES[effect.cause]}`;
      await notice(ctx, task.roomId, `A task of ${task.role} was ${patch.reason}.`, task._id);
      break;
  }
}

const CAUSES: Record<ReturnCause, string> = {
  left: "its holder left",
  new_holder: "another process took the seat",
  lease_expired: "its holder was not heard from any more",
  parked_too_long: "its holder stopped asking for work",
  process_exited: "its holder's process ended",
};

const backoff = (recoveries: number) =>
  Math.round(backoffDelay(recoveries, Math.random(), restartBackoff(timing())));

/** The participant no longer holds this task; another one that it holds by now stays. */
async function freeSeat(ctx: MutationCtx, task: Task): Promise<void> {
  const holder = await holderOf(ctx, task);
  if (holder !== null) await ctx.db.patch("participants", holder._id, { currentTaskId: undefined });
}

/** Whether the holder's harness still talks: else its seat is free now, whatever became of the task. */
async function isStillInTurn(ctx: MutationCtx, task: Task): Promise<boolean> {
  const holder = await holderOf(ctx, task);
  if (holder === null) return false;
  const turn = await last(ctx, task.roomId, task.role);
  const isTalking = turn?.status === "running" && turn.taskId === task._id;
  if (isTalking) await activities.show(ctx, holder._id, FINISHING_TURN);
  else await ctx.db.patch("participants", holder._id, { currentTaskId: undefined });
  return isTalking;
}

/** A holder that sits down again still talks about a task that is over: it has its seat's time for that, and no more. */
export async function finishTurn(
  ctx: MutationCtx,
  participant: Participant,
  task: Task,
): Promise<void> {
  const dueAt = Date.now() + timing().TURN_GRACE_MS + timing().CANCEL_GRACE_MS;
  await ctx.db.patch("participants", participant._id, { currentTaskId: task._id });
  await ctx.db.patch("tasks", task._id, { dueAt });
  await arm(ctx, dueAt);
  await activities.show(ctx, participant._id, FINISHING_TURN);
}

async function isWorkedOn(ctx: MutationCtx, task: Task): Promise<boolean> {
  return (await holderOf(ctx, task))?.agentStatus === "working";
}

/** The participant whose current task this is; one that is over, too, until its turn has ended. */
export async function holderOf(ctx: MutationCtx, task: Task): Promise<Participant | null> {
  const participant = await ctx.db
    .query("participants")
    .withIndex("by_roomId_and_role_and_epoch", (q) =>
      q.eq("roomId", task.roomId).eq("role", task.role),
    )
    .unique();
  return participant?.currentTaskId === task._id ? seated(participant) : null;
}

/** The open task of a seat whose epoch ends goes back to the queue, or to the dead letters. */
export async function returnTask(
  ctx: MutationCtx,
  participant: Participant,
  cause: ReturnCause,
): Promise<void> {
  if (participant.currentTaskId === undefined) return;
  const task = await ctx.db.get("tasks", participant.currentTaskId);
  const event = task === null ? null : returnEvent(task, cause);
  if (task !== null && event !== null) await transitionTask(ctx, task, event);
  // A task that was cancelled meanwhile stays so, but nobody has it any more.
  else await ctx.db.patch("participants", participant._id, { currentTaskId: undefined });
}

/** A task that is held for people waits for its role from now on like any other. Answers whether it was held. */
export async function offerHeld(ctx: MutationCtx, task: Task): Promise<boolean> {
  if (task.status !== "pending" || task.heldBy === undefined) return false;
  const dueAt = Date.now() + timing().TASK_PENDING_TIMEOUT_MS;
  await ctx.db.patch("tasks", task._id, { heldBy: undefined, dueAt });
  await arm(ctx, dueAt);
  return true;
}

type NewTask = Pick<Task, "role" | "text" | "from" | "depth"> & {
  readonly cause: string;
  /** Absent for a task that a tick makes without a word. */
  readonly originMessageId?: Id<"messages"> | undefined;
  readonly tickId?: Id<"ticks"> | undefined;
  /** Waiters see it from then on. */
  readonly notBefore?: number | undefined;
  readonly chainId?: Id<"tasks"> | undefined;
  readonly heldBy?: string | undefined;
};

/** Queues work for a role. The same cause for the same role makes one task, however often it is named. */
export async function create(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  given: NewTask,
): Promise<Id<"tasks">> {
  const { cause, chainId, heldBy, originMessageId, tickId, notBefore, ...work } = given;
  const causeKey = `${cause} ${work.role}`;
  const same = await ctx.db
    .query("tasks")
    .withIndex("by_causeKey", (q) => q.eq("causeKey", causeKey))
    .first();
  if (same !== null) return same._id;
  const now = Date.now();
  const dueAt = now + timing().TASK_PENDING_TIMEOUT_MS;
  const id = await ctx.db.insert("tasks", {
    ...work,
    roomId,
    causeKey,
    status: "pending",
    since: now,
    attempt: 0,
    recoveries: 0,
    resumes: 0,
    offered: now,
    createdAt: now,
    dueAt,
    ...(chainId === undefined ? {} : { chainId }),
    ...(heldBy === undefined ? {} : { heldBy }),
    ...(originMessageId === undefined ? {} : { originMessageId }),
    ...(tickId === undefined ? {} : { tickId }),
    ...(notBefore === undefined ? {} : { notBefore }),
  });
  await arm(ctx, Math.min(dueAt, notBefore ?? dueAt));
  return id;
}

/** The room's task with this id. @throws `not_found` also for another room's */
export async function inRoom(ctx: Ctx, room: Doc<"rooms">, taskId: string): Promise<Task> {
  const id = ctx.db.normalizeId("tasks", taskId);
  const task = id === null ? null : await ctx.db.get("tasks", id);
  if (task === null || task.roomId !== room._id)
    throw notFound(`task "${taskId}"`, `muster task list --room ${room.name}`);
  return task;
}

const PAGE = 100;

/** The room's tasks, newest first. */
export async function list(ctx: QueryCtx, room: Doc<"rooms">, limit = PAGE) {
  const tasks = await ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_createdAt", (q) => q.eq("roomId", room._id))
    .order("desc")
    .take(Math.min(Math.max(1, Math.floor(limit)), PAGE));
  return tasks.map(view);
}

/** A task as the room sees it: nothing of its fence. */
export function view(task: Task) {
  const { _id, role, status, text, from, attempt, recoveries, createdAt } = task;
  return {
    _id,
    role,
    status,
    text,
    from,
    attempt,
    recoveries,
    originMessageId: task.originMessageId ?? null,
    createdAt,
    notBefore: task.notBefore ?? null,
    heldBy: task.heldBy ?? null,
    reason: task.reason ?? null,
  };
}
