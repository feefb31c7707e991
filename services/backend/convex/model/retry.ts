import type { TaskStatus } from "@muster/core";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { refusal } from "./refusal.ts";
import { inRoom, transitionTask } from "./tasks.ts";
import { wake } from "./wake.ts";

/** A person gives a dead letter a new chance. @throws `illegal_transition` for any other task */
export async function retry(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  taskId: string,
): Promise<TaskStatus> {
  const task = await inRoom(ctx, room, taskId);
  const outcome = await transitionTask(ctx, task, { type: "retryTask" });
  if (!outcome.accepted)
    throw refusal(
      "illegal_transition",
      `The task is ${task.status}, so there is nothing to retry.`,
    );
  await wake(ctx, room, task.role, "person");
  return outcome.task.status;
}
