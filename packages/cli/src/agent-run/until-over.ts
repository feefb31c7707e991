import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Claim } from "./claim.ts";

/**
 * Aborts when a turn has no reason to go on: at once when people have called its task off, and `graceMs` after the task
 * was completed. A room that is out of reach ends nothing.
 */
export function untilOver(
  backend: Backend,
  { room, role, epoch, taskId }: Claim,
  graceMs: number,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const unwatch = backend.watch(
    api.tasks.held,
    { room, role, epoch, taskId },
    ({ status }) => {
      if (status === "cancelled") over.abort();
      if (status === "completed") timer ??= setTimeout(() => over.abort(), graceMs);
    },
    () => undefined,
  );
  const stop = () => {
    clearTimeout(timer);
    unwatch();
  };
  return { signal: over.signal, stop };
}
