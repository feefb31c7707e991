import { CliError } from "../errors.ts";
import type { HeldSeat } from "../held-seat.ts";

/** The fence that every write for a held task carries. */
export interface Claim {
  readonly room: string;
  readonly role: string;
  readonly epoch: number;
  readonly taskId: string;
  readonly token: string;
}

/** Null when the seat holds no task. */
export function claimOf(held: HeldSeat): Claim | null {
  const { roomId: room, role, epoch, taskId, token } = held.seat;
  return taskId === undefined || token === undefined ? null : { room, role, epoch, taskId, token };
}

const LOST = new Set(["stale_claim", "illegal_transition", "not_found"]);

/** Whether a refusal says that the task is not this holder's any more. */
export function isLost(error: unknown): boolean {
  return error instanceof CliError && LOST.has(error.kind);
}
