import { isTerminal } from "@muster/core";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Claim } from "./claim.ts";

interface Watched {
  readonly signal: AbortSignal;
  /** Whether the task was seen to have ended, by its agent's handoff or by a person. */
  readonly isOver: () => boolean;
  readonly stop: () => void;
}

/**
 * Aborts when a turn has no reason to go on: at once when people have called its task off, and `graceMs` after the task
 * was completed. A room that is out of reach ends nothing.
 */
export function untilOver(
  backend: Backend,
  { room, role, epoch, taskId }: Claim,
  graceMs: number,
): Watched {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const unwatch = backend.watch(
    api.tasks.held,
    { room, role, epoch, taskId },
    ({ status }) => {
      isOver = isTerminal(status);
      if (status === "cancelled") over.abort();
      if (status === "completed") timer ??= setTimeout(() => over.abort(), graceMs);
    },
    () => undefined,
  );
  const stop = () => {
    clearTimeout(timer);
    unwatch();
  };
  return { signal: over.signal, isOver: () => isOver, stop };
}
