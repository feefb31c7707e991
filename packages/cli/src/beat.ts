import { setTimeout as sleepFor } from "node:timers/promises";
import { api } from "./backend/api.ts";
import type { Backend } from "./backend/connect.ts";
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
  /** Beats now if the last one is older than two intervals: this process was suspended and may have been replaced. */
  refresh(): Promise<void>;
  /** Resolves when no beat is on its way any more: one that arrived later would undo a park. */
  stop(): Promise<void>;
}

export interface BeatOptions {
  readonly backend: Backend;
  readonly held: HeldSeat;
  readonly joined: Joined;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Renews the lease of a seat until something ends it. The intervals are the server's. */
export function keepBeating(options: BeatOptions): Beats {
  const { backend, held } = options;
  const now = options.now ?? (() => performance.now());
  const random = options.random ?? Math.random;
  const sleep = options.sleep ?? pause;
  const stopping = new AbortController();
  let { nextBeatMs, leaseMs } = options.joined;
  let renewedAt = now();

  async function beat(): Promise<BeatEnd | null> {
    const { roomId, role, epoch, holderId } = held.seat;
    const answer = await backend.mutate(api.participants.heartbeat, {
      room: roomId,
      role,
      epoch,
      holderId,
    });
    ({ nextBeatMs, leaseMs } = answer);
    if (answer.answer === "superseded" || answer.answer === "stop") return answer.answer;
    if (answer.answer === "rejoin_required") ({ nextBeatMs, leaseMs } = await held.join());
    renewedAt = now();
    return null;
  }

  async function beatOrEnd(): Promise<BeatEnd | null> {
    try {
      return await beat();
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
        if (now() - renewedAt > leaseMs) return "lost";
      }
      await sleep(pauseMs, stopping.signal);
      pauseMs = Math.min(pauseMs * 2, 4_000, nextBeatMs);
    }
  }

  async function run(): Promise<BeatEnd> {
    await sleep(nextBeatMs * random(), stopping.signal);
    for (;;) {
      const end = await beatWithRetries();
      if (end !== null) return end;
      await sleep(nextBeatMs * (0.8 + 0.15 * random()), stopping.signal);
    }
  }

  const running = run();
  const ended = new Promise<BeatEnd>((resolve, reject) => {
    running.then(resolve, (error: unknown) => {
      if (!stopping.signal.aborted) reject(asError(error));
    });
  });
  return {
    ended,
    async refresh() {
      if (now() - renewedAt > 2 * nextBeatMs) await beatOrEnd();
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

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal });
}
