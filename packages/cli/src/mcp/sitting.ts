import { claimOf } from "../agent-run/claim.ts";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Delivery } from "../delivery.ts";
import { CliError } from "../errors.ts";
import { AGENT_PATIENCE_MS, superseded } from "../held-seat.ts";
import type { HeldSeat } from "../held-seat.ts";
import type { Invocation } from "../invocation.ts";
import { readSeat } from "../seat.ts";
import { asAgent, roleOf, roomOf } from "../session.ts";
import type { SeatOptions } from "../session.ts";
import { waitForTask } from "../wait.ts";
import type { Waited } from "../wait.ts";
import { attend } from "./attendance.ts";
import type { AttendanceEnd } from "./attendance.ts";

/** Below the minute after which common harnesses give a tool up: "call again" must come from us. */
const WAIT_MS = 50_000;

/**
 * A program's place in its room, taken at its first wait: alive while a wait is open or its task is held, and parked
 * between, so that a program that was left open does not look ready for ever.
 */
export class Sitting {
  readonly #invocation: Invocation;
  readonly #room: string;
  readonly #role: string;
  readonly #ending = new AbortController();
  #backend: Backend | null = null;
  #held: HeldSeat | null = null;
  /** For good: who lost the seat must not take it back unasked. */
  #lost: CliError | null = null;
  #waiting: { readonly enough: AbortSignal; readonly over: Promise<Delivery | null> } | null = null;
  #attendance: { readonly ended: Promise<AttendanceEnd>; readonly stop: () => void } | null = null;

  constructor(invocation: Invocation, options: SeatOptions) {
    this.#invocation = invocation;
    this.#room = roomOf(invocation, options);
    this.#role = roleOf(invocation, options);
  }

  /** What every tool does runs inside. @throws CliError `superseded`, for good, once another process has the seat */
  async within<T>(call: () => Promise<T>): Promise<T> {
    try {
      await this.#requireSeat();
      return await call();
    } catch (error) {
      if (this.#held !== null && isSuperseded(error)) this.#lost = error;
      throw error;
    }
  }

  /** The next task, begun; null when none came in 50 s or before `enough` was aborted. */
  async wait(enough: AbortSignal): Promise<Delivery | null> {
    // One that was given up parks the seat before it is over.
    while (this.#waiting?.enough.aborted === true) await this.#waiting.over.catch(() => undefined);
    if (this.#waiting !== null) {
      throw new CliError("conflict", "You are waiting already: that call will answer.");
    }
    const over = this.#next(enough).finally(() => (this.#waiting = null));
    this.#waiting = { enough, over };
    return await over;
  }

  /** Leaves the role, unless it is parked, lost or was never taken. */
  async end(): Promise<void> {
    this.#ending.abort(new CliError("terminated", "The program has ended."));
    await this.#waiting?.over.catch(() => undefined);
    if ((await this.#stopAttending()) === "aborted") await this.#held?.leave("its program ended");
  }

  async #requireSeat(): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    if (this.#held === null || this.#backend === null) return;
    const { roomId, holderId } = this.#held.seat;
    const known = await readSeat(this.#invocation.home, this.#backend.url, roomId, this.#role);
    if (known !== null && known.holderId !== holderId) throw superseded(this.#role);
  }

  async #next(enough: AbortSignal): Promise<Delivery | null> {
    this.#backend ??= (await asAgent(this.#invocation, this.#room, this.#role)).backend;
    await this.#stopAttending();
    if (this.#held !== null) await this.#requireNobodyElse(this.#backend, this.#held);
    const waited = await waitForTask({
      home: this.#invocation.home,
      backend: this.#backend,
      room: this.#room,
      role: this.#role,
      timeoutMs: WAIT_MS,
      enough,
      attended: true,
      seated: (held) => (this.#held = held),
      signal: this.#ending.signal,
    });
    if (waited.delivery !== null) await this.#begin(this.#backend, waited);
    return waited.delivery;
  }

  /** Who lost the seat while it was parked hears of it here. */
  async #requireNobodyElse(backend: Backend, { seat }: HeldSeat): Promise<void> {
    const { roomId, role, epoch, holderId } = seat;
    const beat = { room: roomId, role, epoch, holderId };
    const { answer } = await backend.mutate(api.participants.heartbeat, beat);
    if (answer === "superseded") throw superseded(role);
  }

  async #begin(backend: Backend, { held, joined }: Waited): Promise<void> {
    const stopping = new AbortController();
    const ended = attend({ backend, held, joined, signal: stopping.signal });
    this.#attendance = { ended: this.#afterwards(held, ended), stop: () => stopping.abort() };
    const claim = claimOf(held);
    if (claim !== null)
      await backend.mutate(api.tasks.start, claim, { patienceMs: AGENT_PATIENCE_MS });
  }

  /** What cannot be said is seen when the lease runs out. */
  async #afterwards(held: HeldSeat, ended: Promise<AttendanceEnd>): Promise<AttendanceEnd> {
    try {
      const end = await ended;
      if (end === "over") await held.park();
      if (end === "stop") await held.leave("stopped");
      if (end === "superseded") throw superseded(this.#role);
      return end;
    } catch (error) {
      if (isSuperseded(error)) this.#lost = error;
      return "over";
    }
  }

  async #stopAttending(): Promise<AttendanceEnd | null> {
    const attendance = this.#attendance;
    this.#attendance = null;
    attendance?.stop();
    return (await attendance?.ended) ?? null;
  }
}

function isSuperseded(error: unknown): error is CliError {
  return error instanceof CliError && error.kind === "superseded";
}
