import { firstBeatDelay } from "@muster/core/heartbeat";
import { api } from "./backend/api.ts";
import type { Backend } from "./backend/connect.ts";
import { AwakeClock } from "./awake-clock.ts";
import { systemClock } from "./daemon/clock.ts";
import type { Clock } from "./daemon/clock.ts";
import { CliError, isUnreachable } from "./errors.ts";
import type { HeldSeat, Joined } from "./held-seat.ts";

/**
 * Why a seat is kept no longer: another process has it, people want the agent stopped, or the backend has been silent for
 * longer than the lease, so that nobody believes in this holder any more.
 */
export type BeatEnd = "superseded" | "stop" | "lost";

export interface Beats {
  /** Resolves once with the reason; never while `stop` was asked first. Rejects on what nobody foresaw. */
  readonly ended: Promise<BeatEnd>;
  /** Beats now if this process was suspended since the last beat: it may have been replaced. */
  refresh(): Promise<void>;
  /** Resolves when no beat is on its way any more: one that arrived later would undo a park. */
  stop(): Promise<void>;
}

export interface BeatOptions {
  readonly backend: Backend;
  readonly held: HeldSeat;
  readonly joined: Joined;
  /** The first beat comes at once, because there was none for too long. */
  readonly overdue?: boolean;
  /** Called whenever the backend has answered. */
  readonly onHeard?: () => void;
  readonly clock?: Clock;
}

/** Renews the lease of a seat until something ends it. The intervals are the server's. */
export function keepBeating(options: BeatOptions): Beats {
  const { backend, held, overdue = false } = options;
  const clock = new AwakeClock(options.clock ?? systemClock);
  const stopping = new AbortController();
  let { nextBeatMs, leaseMs } = options.joined;
  let renewedAt = clock.now();
  let waking = clock.waking;
  let onItsWay: Promise<BeatEnd | null> | null = null;

  async function beat(): Promise<BeatEnd | null> {
    const { roomId, role, epoch, holderId } = held.seat;
    const asked = clock.waking;
    const answer = await backend.mutate(api.participants.heartbeat, {
      room: roomId,
      role,
      epoch,
      holderId,
    });
    ({ nextBeatMs, leaseMs } = answer);
    options.onHeard?.();
    if (answer.answer === "superseded" || answer.answer === "stop") return answer.answer;
    if (answer.answer === "rejoin_required") ({ nextBeatMs, leaseMs } = await held.join());
    renewedAt = clock.now();
    waking = asked;
    return null;
  }

  /** At most one beat is on its way. */
  async function beatOrEnd(): Promise<BeatEnd | null> {
    onItsWay ??= beat().finally(() => (onItsWay = null));
    try {
      return await onItsWay;
    } catch (error) {
      if (error instanceof CliError && error.kind === "superseded") return "superseded";
      if (error instanceof CliError && error.kind === "stopped") return "stop";
      throw error;
    }
  }

  /** A failed beat comes again after 1, 2, 4 tenths of the interval, never more than 1, 2, 4 s. */
  async function beatWithRetries(): Promise<BeatEnd | null> {
    let pauseMs = Math.min(nextBeatMs / 10, 1_000);
    for (;;) {
      try {
        return await beatOrEnd();
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        if (clock.now() - renewedAt > leaseMs) return "lost";
      }
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, 4_000, nextBeatMs);
    }
  }

  async function sleep(ms: number, wake?: AbortSignal): Promise<void> {
    const { signal } = stopping;
    await clock.sleep(ms, wake === undefined ? signal : AbortSignal.any([signal, wake]));
    signal.throwIfAborted();
  }

  async function run(): Promise<BeatEnd> {
    if (!overdue) await sleep(firstBeatDelay(nextBeatMs, clock.random()), waking);
    for (;;) {
      const end = await beatWithRetries();
      if (end !== null) return end;
      await sleep(nextBeatMs, waking);
    }
  }

  const over = new AbortController();
  void clock.tick(() => nextBeatMs, over.signal);
  const running = run().finally(() => over.abort());
  const ended = new Promise<BeatEnd>((resolve, reject) => {
    running.then(resolve, (error: unknown) => {
      if (!stopping.signal.aborted) reject(asError(error));
    });
  });
  return {
    ended,
    async refresh() {
      clock.now();
      if (waking.aborted) await beatOrEnd();
    },
    async stop() {
      stopping.abort();
      await running.catch(() => undefined);
    },
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
