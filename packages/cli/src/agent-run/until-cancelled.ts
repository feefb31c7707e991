import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Claim } from "./claim.ts";

/** Aborts once people have called the task off. A room that is out of reach calls off nothing. */
export function untilCancelled(
  backend: Backend,
  { room, role, epoch, taskId }: Claim,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const cancelled = new AbortController();
  const stop = backend.watch(
    api.tasks.held,
    { room, role, epoch, taskId },
    ({ status }) => {
      if (status === "cancelled") cancelled.abort();
    },
    () => undefined,
  );
  return { signal: cancelled.signal, stop };
}
