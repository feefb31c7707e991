import { ACTIVE_TASK_STATUSES, HELD_TASK_STATUSES, MAX_RECOVERIES } from "./lifecycle.ts";
import { isCountedRecovery } from "./lifecycle.ts";
import type {
  ActiveTaskStatus,
  HeldTaskStatus,
  ReturnCause,
  TaskEvent,
  TaskStatus,
} from "./lifecycle.ts";

/** Whether the task still has to be finished: it waits in its role's queue or somebody holds it. */
export function isActive(status: TaskStatus): status is ActiveTaskStatus {
  return ACTIVE_TASK_STATUSES.some((active) => active === status);
}

/** Whether somebody holds the task under a live epoch. */
export function isHeld(status: TaskStatus): status is HeldTaskStatus {
  return HELD_TASK_STATUSES.some((held) => held === status);
}

/** Whether nothing moves the task by itself any more; only a person's retry leaves `dead_letter`. */
export function isTerminal(status: TaskStatus): boolean {
  return !isActive(status);
}

/**
 * The trigger that takes a task from a holder whose epoch ends for `cause`: what the backend runs for
 * the agent's effect `returnTask`. Null when nobody holds the task, so that there is nothing to return.
 */
export function returnEvent(
  task: { readonly status: TaskStatus; readonly recoveries: number },
  cause: ReturnCause,
): TaskEvent | null {
  if (!isHeld(task.status)) return null;
  if (cause === "left") return { type: "releaseTask", tokenValid: true };
  const recovery = { epochEnded: true, cause, recoveries: task.recoveries };
  if (isCountedRecovery(cause) && task.recoveries >= MAX_RECOVERIES)
    return { type: "exhaust", ...recovery };
  return task.status === "in_progress"
    ? { type: "recoverOrphaned", ...recovery }
    : { type: "recoverStuckAcknowledged", ...recovery };
}
