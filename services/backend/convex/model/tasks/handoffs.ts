import { HUMAN_TARGET, textProblem } from "@muster/core";
import type { TaskStatus } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { requireInTeam } from "../access/access.ts";
import type { Seated } from "../access/access.ts";
import { advance, holdsToken, ownTask, stale } from "./claims.ts";
import type { Fence } from "./claims.ts";
import { budgetProblem } from "./loopGuard.ts";
import { notice, post } from "../rooms/messages.ts";
import * as participants from "../seats/participants.ts";
import { refreshNeedsYou } from "../questions/questions.ts";
import { refusal } from "../refusal.ts";
import { heardFrom } from "../seats/seats.ts";
import * as tasks from "./tasks.ts";
import * as tickAnswers from "../schedules/tickAnswers.ts";
import type { Outcome } from "../schedules/ticks.ts";
import { wake } from "../machines/wake.ts";

/**
 * Ends the caller's own task. The last token issued is enough, also after a recovery: a holder that was
 * declared dead by mistake may still bring its result while nobody else has begun.
 */
async function finish(ctx: MutationCtx, caller: Seated, fence: Fence): Promise<Doc<"tasks">> {
  const task = await ownTask(ctx, caller, fence.taskId);
  const tokenValid = await holdsToken(task, fence.token);
  const outcome = await advance(ctx, task, { type: "completeTask", tokenValid });
  if (!outcome.accepted) throw stale();
  const sits = outcome.told ?? (await participants.find(ctx, caller.room._id, caller.role));
  if (sits !== null) await heardFrom(ctx, sits);
  return outcome.task;
}

/** Done, with no message to anyone; a text is kept in the room as the summary. */
export async function complete(
  ctx: MutationCtx,
  caller: Seated,
  { text, ...fence }: Fence & { readonly text?: string },
): Promise<{ status: TaskStatus }> {
  if (text !== undefined) requireText(text);
  const task = await finish(ctx, caller, fence);
  if (task.tickId !== undefined) await tickAnswers.answer(ctx, task, text ?? "");
  else if (text !== undefined)
    await post(ctx, caller.room._id, {
      sender: { kind: "agent", name: caller.role },
      type: "summary",
      text,
      taskId: task._id,
    });
  return { status: task.status };
}

/** Completes the sender's task, tells the room, and gives the work on: all of it or nothing. */
export async function handOff(
  ctx: MutationCtx,
  caller: Seated,
  { to, text, ...fence }: Fence & { readonly to: string; readonly text: string },
): Promise<{ messageId: Id<"messages"> | null; nextTaskId: Id<"tasks"> | null }> {
  const { room, role } = caller;
  requireText(text);
  if (to !== HUMAN_TARGET) requireInTeam(room, to);
  const done = await finish(ctx, caller, fence);
  if (done.tickId !== undefined) {
    if (to === HUMAN_TARGET) {
      const { messageId } = await tickAnswers.answer(ctx, done, text);
      return { messageId, nextTaskId: null };
    }
    await tickAnswers.handedOff(ctx, done);
  }
  const sender = { kind: "agent", name: role } as const;
  const { _id: messageId } = await post(ctx, room._id, {
    sender,
    type: "handoff",
    text,
    target: to,
    taskId: done._id,
  });
  if (to === HUMAN_TARGET) return { messageId, nextTaskId: null };
  const depth = done.depth + 1;
  const heldBy = await budgetProblem(ctx, room, depth);
  const nextTaskId = await tasks.create(ctx, room._id, {
    role: to,
    text,
    from: sender,
    originMessageId: messageId,
    depth,
    chainId: done.chainId ?? done._id,
    heldBy: heldBy ?? undefined,
    cause: messageId,
  });
  if (heldBy === null) await wake(ctx, room, to, "nobody");
  else await askPeople(ctx, room, to, nextTaskId, heldBy);
  return { messageId, nextTaskId };
}

/** The typed answer to a tick. @throws `illegal_transition` for any other task, which stays open */
export async function respond(
  ctx: MutationCtx,
  caller: Seated,
  { notify, text = "", ...fence }: Fence & { readonly notify: boolean; readonly text?: string },
): Promise<{ status: TaskStatus; outcome: Outcome }> {
  if (notify) requireText(text);
  const task = await finish(ctx, caller, fence);
  if (task.tickId === undefined)
    throw refusal("illegal_transition", "This task is no tick of a schedule: hand it off instead.");
  const { outcome } = await tickAnswers.respond(ctx, task, { notify, text });
  return { status: task.status, outcome };
}

async function askPeople(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  role: string,
  taskId: Id<"tasks">,
  heldBy: string,
): Promise<void> {
  await participants.ensure(ctx, room._id, role);
  await refreshNeedsYou(ctx, room._id, role);
  const text = `The next task of ${role} is held: ${heldBy}. A person decides whether it goes on.`;
  await notice(ctx, room._id, text, taskId);
}

function requireText(text: string): void {
  const problem = textProblem(text, "message");
  if (problem !== null) throw refusal(problem.kind, problem.message);
}
