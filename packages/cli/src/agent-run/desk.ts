import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Offers } from "../delivery.ts";
import { keepLatest } from "../latest.ts";
import type { Seat } from "../seat.ts";

/** What a driven agent sees of its queue, from its join to its end: one subscription for all its tasks. */
export interface Desk extends Offers {
  /** Whether this task is begun and nobody has ended it yet, as far as the last word goes. */
  has(taskId: string): boolean;
}

type Queue = { next: string | null; begun: string | null };

export function openDesk(backend: Backend, { roomId, role, epoch, holderId }: Seat): Desk {
  const watched = keepLatest<Queue>(role);
  const args = { room: roomId, role, holder: { epoch, holderId } };
  const stop = backend.watch(api.tasks.queue, args, watched.value, watched.failed);
  return {
    next: () => watched.read()?.next ?? null,
    has: (taskId) => {
      try {
        return watched.read()?.begun === taskId;
      } catch {
        // Whoever waits for the next task hears why; the task in hand has its own fence.
        return false;
      }
    },
    onChange: watched.onChange,
    stop,
  };
}
