import type { Backend } from "./backend/connect.ts";
import { keepBeating, type BeatEnd } from "./beat.ts";
import { nextDelivery, type Delivery } from "./delivery.ts";
import { sitDown, superseded, type HeldSeat, type Joined } from "./held-seat.ts";
import { CliError } from "./errors.ts";
import type { Home } from "./home.ts";
import { onJoin } from "./on-join.ts";

export interface WaitOptions {
  readonly home: Home;
  readonly backend: Backend;
  readonly room: string;
  readonly role: string;
  readonly takeOver?: boolean;
  /** Nothing yet after this long: the wait ends and the seat is parked. Without it there is no bound. */
  readonly timeoutMs?: number;
  /** Aborting it ends the wait as the end of its time does. */
  readonly enough?: AbortSignal;
  /** With a task in hand the seat is not parked: the caller beats for it from here on. */
  readonly attended?: boolean;
  /** Called as soon as the seat is taken. */
  readonly seated?: (held: HeldSeat) => void;
  /** Aborting leaves the role; the wait then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** A task, or null when the time was up; `held` is the seat that it was delivered to. */
export interface Waited {
  readonly held: HeldSeat;
  readonly joined: Joined;
  readonly delivery: Delivery | null;
}

const TIME_UP = Symbol("time up");

/**
 * Joins a role, keeps its seat alive and returns with its next task. Both good ends park the seat: the same holder will
 * call again. Every other end leaves the role first, except when another process has it already.
 *
 * @throws CliError `superseded`, `stopped`, `unreachable` (silent for longer than the lease), or what a call answered
 */
export async function waitForTask(options: WaitOptions): Promise<Waited> {
  const { backend, signal } = options;
  signal.throwIfAborted();
  const { held, joined } = await sitDown(options);
  options.seated?.(held);
  const ending = new AbortController();
  const timeUp = (): void => ending.abort(TIME_UP);
  options.enough?.addEventListener("abort", timeUp);
  if (options.enough?.aborted === true) timeUp();
  const rejoining = onJoin(held, async () => backend.reopen());
  const beats = keepBeating({ backend, held: rejoining, joined });
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(timeUp, options.timeoutMs);
  beats.ended.then(
    (end) => ending.abort(endOf(end, held, backend.url)),
    (error: unknown) => ending.abort(error),
  );
  try {
    const delivery = await nextDelivery({
      backend,
      held,
      heldTaskId: joined.heldTaskId,
      signal: AbortSignal.any([signal, ending.signal]),
      beforeClaim: async () => await beats.refresh(),
    }).catch((error: unknown) => {
      if (error === TIME_UP) return null;
      throw error;
    });
    await beats.stop();
    signal.throwIfAborted();
    if (delivery === null || options.attended !== true) await held.park();
    return { held, joined, delivery };
  } catch (error) {
    await beats.stop();
    if (!(error instanceof CliError && error.kind === "superseded")) {
      await held.leave(signal.aborted ? "interrupted" : "ended by an error");
    }
    throw error;
  } finally {
    clearTimeout(timer);
    options.enough?.removeEventListener("abort", timeUp);
  }
}

function endOf(end: BeatEnd, held: HeldSeat, url: string): CliError {
  const { role, roomName } = held.seat;
  if (end === "superseded") return superseded(role);
  if (end === "stop") {
    return new CliError("stopped", `${role} in ${roomName} was stopped by a person.`, {
      hint: `It may join again after: muster agent start --room ${roomName} --role ${role}`,
    });
  }
  return new CliError("unreachable", `The backend at ${url} has been silent for too long.`, {
    hint: "The role was given up. Wait again once the backend is back.",
  });
}
