import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { isUnreachable } from "../errors.ts";
import type { HeldSeat } from "../held-seat.ts";

/**
 * Takes up the task of the running turn again after the seat was thought dead. False if somebody else has begun it
 * meanwhile: two must not work on one task.
 */
export async function resumed(backend: Backend, { seat }: HeldSeat): Promise<boolean> {
  const { roomId: room, role, epoch, taskId, token } = seat;
  if (taskId === undefined || token === undefined) return true;
  try {
    await backend.mutate(api.tasks.resume, { room, role, epoch, taskId, token });
    return true;
  } catch (error) {
    return isUnreachable(error);
  }
}
