import type { TaskStatus } from "./lifecycle.ts";

/** What decides a task's place in its role's queue. Times are milliseconds since the epoch. */
export type QueuedTask = {
  readonly status: TaskStatus;
  /** When it was last offered: at its creation, or when it came back. */
  readonly offered: number;
  /** Claims so far; above 0 it is a retry. */
  readonly attempt: number;
  readonly fromPerson: boolean;
  /** Backoff: not to be offered before this time. */
  readonly notBefore?: number | undefined;
  /** Held back by a budget or a person until that is lifted. */
  readonly heldBy?: string | undefined;
};

/** Whether the task may be claimed now. A task that is not offered never blocks those behind it. */
export function isOffered(task: QueuedTask, now: number): boolean {
  return (
    task.status === "pending" &&
    task.heldBy === undefined &&
    (task.notBefore === undefined || task.notBefore <= now)
  );
}

/**
 * The task that a role gets next: the one offered longest ago; but while that is a retry, the oldest
 * that a person asked for and nobody tried yet goes first. Undefined when nothing is offered.
 * Equal times keep the order of the list.
 */
export function nextTask<T extends QueuedTask>(tasks: readonly T[], now: number): T | undefined {
  const offered = tasks
    .filter((task) => isOffered(task, now))
    .toSorted((a, b) => a.offered - b.offered);
  const oldest = offered[0];
  if (oldest === undefined || oldest.attempt === 0) return oldest;
  return offered.find((task) => task.fromPerson && task.attempt === 0) ?? oldest;
}
