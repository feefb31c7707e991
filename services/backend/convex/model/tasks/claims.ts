import { isFirstIdleResume, isHeld, isLive, isOffered } from "@muster/core";
import type { TaskEvent, TaskStatus } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { Seated } from "../access/access.ts";
import { letGo } from "./cancel.ts";
import { compose } from "../rooms/delivery.ts";
import { notice } from "../rooms/messages.ts";
import * as participants from "../seats/participants.ts";
import { queued } from "./queue.ts";
import { notFound, refusal } from "../refusal.ts";
import { heardFrom } from "../seats/seats.ts";
import { sha256 } from "../access/secrets.ts";
import * as tasks from "./tasks.ts";
import type { Holder, TaskOutcome } from "./tasks.ts";
import type { Participant } from "../seats/seated.ts";

type Task = Doc<"tasks">;
export type Fence = { readonly taskId: string; readonly epoch: number; readonly token: string };

/** `token`: the claimer's own, so that asking again changes nothing. */
export type Claim = {
  readonly taskId: string;
  readonly epoch: number;
  readonly holderId: string;
  readonly token?: string;
};

const TOKEN = /^[0-9a-f]{32}$/;

/** Takes a task of the caller's own role. */
export async function claim(ctx: MutationCtx, caller: Seated, asked: Claim) {
  const { token } = asked;
  if (token !== undefined && !TOKEN.test(token))
    throw refusal("invalid", "A claim token is 32 hexadecimal digits, drawn anew for each claim.");
  const seated = await requireLive(ctx, caller, asked.epoch);
  if (seated.holderId !== asked.holderId) throw superseded(caller);
  const task = await ownTask(ctx, caller, asked.taskId);
  const participant = await letGo(ctx, seated);
  const { currentTaskId } = participant;
  if (currentTaskId !== undefined && currentTaskId !== task._id)
    throw refusal("illegal_transition", `${caller.role} holds another task already.`);
  const sameHolder = task.epoch === asked.epoch && task.holderId === asked.holderId;
  if (sameHolder && token !== undefined && isHeld(task.status) && (await holdsToken(task, token)))
    return { task: await delivered(ctx, caller, task, false), token };
  const holder = { participant, epoch: asked.epoch, holderId: asked.holderId, token };
  const offered = isOffered(queued(task), Date.now());
  const taken = await advance(ctx, task, { type: "claimTask", offered, sameHolder }, holder);
  if (!taken.accepted || taken.token === undefined)
    throw refusal("illegal_transition", "Somebody else has this task, or it is not offered now.");
  // Given to its holder again, it is not offered any longer.
  if (task.status === "acknowledged")
    await ctx.db.patch("tasks", task._id, { offered: task.since });
  await heardFrom(ctx, participant);
  return { task: await delivered(ctx, caller, taken.task, false), token: taken.token };
}

/** The same task again for the holder that has its token, whether it went back meanwhile or not. */
export async function resume(ctx: MutationCtx, caller: Seated, fence: Fence) {
  const participant = await requireLive(ctx, caller, fence.epoch);
  const task = await ownTask(ctx, caller, fence.taskId);
  const sameHolder = task.epoch === fence.epoch && task.holderId === participant.holderId;
  const tokenValid = await holdsToken(task, fence.token);
  if (!sameHolder || !tokenValid) throw stale();
  if (!isHeld(task.status)) await takeUpAgain(ctx, task, participant);
  await noteResume(ctx, caller, participant, task);
  await heardFrom(ctx, participant);
  return { task: await delivered(ctx, caller, task, true), token: fence.token };
}

async function takeUpAgain(ctx: MutationCtx, task: Task, participant: Participant): Promise<void> {
  const { was } = task;
  const { epoch, holderId } = participant;
  const free = participant.currentTaskId === undefined;
  if (was === undefined || holderId === undefined || !free) throw stale();
  const event = { type: "resumeTask", sameHolder: true, tokenValid: true, was } as const;
  const outcome = await advance(ctx, task, event, { participant, epoch, holderId });
  if (!outcome.accepted) throw stale();
}

async function noteResume(
  ctx: MutationCtx,
  { room, role }: Seated,
  participant: Participant,
  task: Task,
): Promise<void> {
  const resumes = task.resumes + 1;
  await ctx.db.patch("tasks", task._id, { resumes });
  if (!isFirstIdleResume(resumes)) return;
  await ctx.db.patch("participants", participant._id, { stalled: true });
  const text = `${role} took up the same task ${resumes} times without a word of progress.`;
  await notice(ctx, room._id, text, task._id);
}

/** Work begins. Said twice by the same holder, it is answered twice. */
export async function start(ctx: MutationCtx, caller: Seated, fence: Fence): Promise<TaskStatus> {
  const participant = await requireLive(ctx, caller, fence.epoch);
  const task = await ownTask(ctx, caller, fence.taskId);
  const tokenValid = task.epoch === fence.epoch && (await holdsToken(task, fence.token));
  if (!tokenValid) throw stale();
  const outcome = await advance(ctx, task, { type: "startTask", tokenValid });
  if (!outcome.accepted && task.status !== "in_progress")
    throw refusal("illegal_transition", `The task is ${task.status}, so it cannot start.`);
  await heardFrom(ctx, participant);
  return outcome.task.status;
}

/** Back to the queue, without blame. */
export async function release(ctx: MutationCtx, caller: Seated, fence: Fence): Promise<TaskStatus> {
  const task = await ownTask(ctx, caller, fence.taskId);
  const tokenValid = await holdsToken(task, fence.token);
  const participant = await participants.find(ctx, caller.room._id, caller.role);
  const holds = participant?.currentTaskId === task._id;
  const outcome = await advance(ctx, task, { type: "releaseTask", tokenValid });
  if (!outcome.accepted) throw stale();
  if (participant !== null && holds) {
    await participants.apply(ctx, participant, { type: "task_released" });
    await heardFrom(ctx, participant);
  }
  return outcome.task.status;
}

/** How the task stands for the epoch that claimed it last. @throws `superseded`, `stale_claim` */
export async function held(
  ctx: QueryCtx,
  caller: Seated,
  { taskId, epoch }: { readonly taskId: string; readonly epoch: number },
): Promise<TaskStatus> {
  if (caller.credential.epoch !== epoch) await requireCurrent(ctx, caller, epoch);
  const task = await ownTask(ctx, caller, taskId);
  if (task.epoch !== epoch) throw stale();
  return task.status;
}

/** A started process's credential has said that its epoch goes on; whoever sat down by themselves is asked here. */
async function requireCurrent(ctx: QueryCtx, caller: Seated, epoch: number): Promise<void> {
  const participant = await participants.find(ctx, caller.room._id, caller.role);
  if (participant?.epoch !== epoch) throw superseded(caller);
}

/** Nobody else has sat down in the seat since. @throws `superseded` */
export async function requireNotTaken(
  ctx: QueryCtx,
  caller: Seated,
  { epoch, holderId }: { readonly epoch: number; readonly holderId: string },
): Promise<void> {
  const later = await participants.later(ctx, caller.room._id, caller.role, epoch);
  // A holder that was thought dead and sat down again is still itself.
  if (later !== null && later.holderId !== holderId) throw superseded(caller);
}

/** Moves a task and tells its holder's participant what follows for it. Answers that one, too, when it was told. */
export async function advance(
  ctx: MutationCtx,
  task: Task,
  event: TaskEvent,
  holder?: Holder,
): Promise<TaskOutcome & { readonly told?: Participant }> {
  const outcome = await tasks.transitionTask(ctx, task, event, holder);
  if (outcome.holderEvent === undefined) return outcome;
  const participant = await participants.find(ctx, task.roomId, task.role);
  if (participant === null || participant.epoch !== outcome.task.epoch) return outcome;
  const applied = await participants.apply(ctx, participant, { type: outcome.holderEvent });
  return { ...outcome, told: applied.participant };
}

/** The task, if it is this very role's. @throws `not_found` also for another role's */
export async function ownTask(
  ctx: QueryCtx | MutationCtx,
  caller: Seated,
  taskId: string,
): Promise<Task> {
  const task = await tasks.inRoom(ctx, caller.room, taskId);
  if (task.role !== caller.role) throw notFound(`task "${taskId}" of ${caller.role}`);
  return task;
}

/** Whether this is the last token issued for the task, and nothing has retired it. */
export async function holdsToken(task: Task, token: string): Promise<boolean> {
  return task.tokenHash !== undefined && task.tokenHash === (await sha256(token));
}

/** Who sits in the caller's role. @throws `superseded` for another epoch, `rejoin_required` for a seat that is over */
export async function requireLive(
  ctx: MutationCtx,
  caller: Seated,
  epoch: number,
): Promise<Participant> {
  const participant = await participants.find(ctx, caller.room._id, caller.role);
  if (participant === null || participant.epoch !== epoch) throw superseded(caller);
  if (isLive(participant.agentStatus)) return participant;
  throw refusal("rejoin_required", `${caller.role} was declared ${participant.agentStatus}.`);
}

export const stale = () =>
  refusal("stale_claim", "This claim is over: somebody else has the task, or it has ended.");
const superseded = ({ room, role }: Seated) =>
  refusal("superseded", `Another process took the seat of ${role} in ${room.name}.`);

async function delivered(ctx: MutationCtx, caller: Seated, task: Task, resumed: boolean) {
  const { _id: id, role, attempt, from, text: request } = task;
  const text = await compose(ctx, caller.room, task, resumed);
  return { id, role, text, attempt, resumed, from, request };
}
