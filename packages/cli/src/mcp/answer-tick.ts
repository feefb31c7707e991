import { api } from "../backend/api.ts";
import { forgetTask } from "../commands/task-complete.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { Invocation } from "../invocation.ts";
import { asHolder } from "../session.ts";
import type { SeatOptions } from "../session.ts";
import { newKey } from "../text.ts";

/**
 * Ends the tick's task that the seat holds, and answers what became of the answer.
 * @throws CliError `illegal_transition` when no schedule has set the task, which stays open
 */
export async function answerTick(
  invocation: Invocation,
  seatOptions: SeatOptions,
  { notify, text }: { readonly notify: boolean; readonly text?: string | undefined },
): Promise<string> {
  const { backend, seat } = await asHolder(invocation, seatOptions);
  const { roomId, role, epoch, taskId, token } = seat;
  const words = text === undefined ? {} : { text };
  const { outcome } = await backend.mutate(
    api.schedules.respond,
    { room: roomId, role, taskId, epoch, token, notify, ...words, key: newKey() },
    { patienceMs: AGENT_PATIENCE_MS },
  );
  await forgetTask(invocation, backend.url, seat);
  return outcome;
}
