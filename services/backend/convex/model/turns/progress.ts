import { activityLine, isLive, textProblem } from "@muster/core";
import type { Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import type { Seated } from "../access/access.ts";
import * as activities from "./activities.ts";
import { holdsToken, ownTask, stale } from "../tasks/claims.ts";
import { newest, post } from "../rooms/messages.ts";
import * as participants from "../seats/participants.ts";
import { requirePace } from "../rates.ts";
import { refusal } from "../refusal.ts";
import { heardFrom } from "../seats/seats.ts";

type Report = {
  readonly epoch: number;
  readonly text: string;
  readonly taskId?: string;
  readonly token?: string;
};

/** A word on how it goes. Whoever lost the seat, or the task it speaks of, is not heard. */
export async function report(
  ctx: MutationCtx,
  caller: Seated,
  { epoch, text, taskId, token }: Report,
): Promise<{ messageId: Id<"messages"> }> {
  const problem = textProblem(text, "progress");
  if (problem !== null) throw refusal(problem.kind, problem.message);
  const sender = { kind: "agent", name: caller.role } as const;
  const last = await newest(ctx, caller.room._id);
  await requirePace(ctx, caller.room._id, sender, last);
  const participant = await participants.find(ctx, caller.room._id, caller.role);
  if (participant === null || participant.epoch !== epoch)
    throw refusal("superseded", `Another process took the seat of ${caller.role}.`);
  const task = taskId === undefined ? null : await ownTask(ctx, caller, taskId);
  if (task !== null) {
    if (token === undefined || !(await holdsToken(task, token))) throw stale();
    if (task.resumes > 0) await ctx.db.patch("tasks", task._id, { resumes: 0 });
  }
  // Who was thought dead shows no work before it sits down again.
  if (isLive(participant.agentStatus))
    await activities.show(ctx, participant._id, activityLine(text));
  if (participant.stalled) await ctx.db.patch("participants", participant._id, { stalled: false });
  await heardFrom(ctx, participant);
  const about = task === null ? {} : { taskId: task._id };
  const said = { sender, type: "progress", text, ...about } as const;
  const { _id: messageId } = await post(ctx, caller.room._id, said, last);
  return { messageId };
}
