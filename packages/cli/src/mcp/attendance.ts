import { isTerminal } from "@muster/core/task/status";
import { claimOf } from "../agent-run/claim.ts";
import { resumed } from "../agent-run/rejoin.ts";
import { onJoin } from "../on-join.ts";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { keepBeating } from "../beat.ts";
import type { HeldSeat, Joined } from "../held-seat.ts";

export interface AttendOptions {
  readonly backend: Backend;
  /** It holds a task. */
  readonly held: HeldSeat;
  readonly joined: Joined;
  readonly signal: AbortSignal;
}

/**
 * Why nobody beats for the seat any more: its task is over for this holder, another process has the seat, people want the
 * agent stopped or its room archived, or `signal` was aborted.
 */
export type AttendanceEnd = "over" | "superseded" | "stop" | "aborted";

/** What the backend says of a seat that is over; of all else, that the task is not this holder's any more. */
const ENDS: Readonly<Record<string, AttendanceEnd>> = {
  superseded: "superseded",
  archived: "stop",
};

/**
 * Keeps the seat's lease while its task is in this holder's hands, also while the backend is away for longer than the
 * lease: once it is back, the task is taken up again if nobody else has begun it.
 */
export async function attend({
  backend,
  held,
  joined,
  signal,
}: AttendOptions): Promise<AttendanceEnd> {
  const claim = claimOf(held);
  if (claim === null) return "over";
  const { room, role, epoch, taskId } = claim;
  const { promise: ended, resolve } = Promise.withResolvers<AttendanceEnd>();
  const own = onJoin(held, async (seated) => {
    if (!(await resumed(backend, seated))) resolve("over");
  });
  const unwatch = backend.watch(
    api.tasks.held,
    { room, role, epoch, taskId },
    ({ status }) => {
      if (isTerminal(status)) resolve("over");
    },
    ({ kind }) => resolve(ENDS[kind] ?? "over"),
  );
  const abort = (): void => resolve("aborted");
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    for (let overdue = false; ; overdue = true) {
      const beats = keepBeating({ backend, held: own, joined, overdue });
      try {
        const end = await Promise.race([ended, beats.ended]);
        if (end !== "lost") return end;
      } finally {
        await beats.stop();
      }
    }
  } finally {
    unwatch();
    signal.removeEventListener("abort", abort);
  }
}
