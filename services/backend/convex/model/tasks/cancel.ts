import { isTerminal } from "@muster/core";
import type { TaskStatus } from "@muster/core";
import type { MutationCtx } from "../../_generated/server.js";
import type { Member } from "../access/access.ts";
import * as participants from "../seats/participants.ts";
import { refreshNeedsYou } from "../questions/questions.ts";
import { refusal } from "../refusal.ts";
import { inRoom, transitionTask } from "./tasks.ts";
import { seated } from "../seats/seated.ts";
import type { Participant } from "../seats/seated.ts";

/** A person does not want a task any more. @throws `illegal_transition` when it has ended already */
export async function cancel(
  ctx: MutationCtx,
  { room, user }: Member,
  taskId: string,
): Promise<TaskStatus> {
  const task = await inRoom(ctx, room, taskId);
  const outcome = await transitionTask(ctx, task, { type: "cancelTask" });
  if (!outcome.accepted)
    throw refusal(
      "illegal_transition",
      `The task is ${task.status}, so there is nothing to cancel.`,
    );
  await ctx.db.patch("tasks", task._id, { reason: `cancelled by ${user.name}` });
  await refreshNeedsYou(ctx, room._id, task.role);
  return outcome.task.status;
}

/** The holder's turn is over: a task that had ended before it is let go. Answers the holder as it is then. */
export async function letGo(ctx: MutationCtx, participant: Participant): Promise<Participant> {
  const { currentTaskId } = participant;
  const task = currentTaskId === undefined ? null : await ctx.db.get("tasks", currentTaskId);
  if (task === null || !isTerminal(task.status)) return participant;
  await ctx.db.patch("participants", participant._id, { currentTaskId: undefined });
  await ctx.db.patch("tasks", task._id, { dueAt: undefined });
  const freed = await ctx.db.get("participants", participant._id);
  if (freed === null) throw new Error("A participant is missing that was just there.");
  return (await participants.apply(ctx, seated(freed), { type: "task_released" })).participant;
}
