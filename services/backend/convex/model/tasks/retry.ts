import type { TaskStatus } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { refreshNeedsYou } from "../questions/questions.ts";
import { refusal } from "../refusal.ts";
import { inRoom, offerHeld, transitionTask } from "./tasks.ts";
import { wake } from "../machines/wake.ts";

/**
 * A person lets a task go on: a dead letter gets a new chance, and one that is held for people is offered.
 *
 * @throws `illegal_transition` for any other task
 */
export async function retry(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  taskId: string,
): Promise<TaskStatus> {
  const task = await inRoom(ctx, room, taskId);
  if (!(await offerHeld(ctx, task))) await revive(ctx, task);
  await refreshNeedsYou(ctx, room._id, task.role);
  await wake(ctx, room, task.role, "person");
  return "pending";
}

async function revive(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  const { accepted } = await transitionTask(ctx, task, { type: "retryTask" });
  if (accepted) return;
  throw refusal("illegal_transition", `The task is ${task.status}, so there is nothing to retry.`);
}
