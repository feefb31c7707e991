import type { Timing } from "./timing.ts";

/** What a holder hears when it beats; daemons hear the same per agent. */
export const HEARTBEAT_ANSWERS = ["ok", "rejoin_required", "superseded", "stop"] as const;
export type HeartbeatAnswer = (typeof HEARTBEAT_ANSWERS)[number];

const EARLIEST = 0.8;
const LATEST = 0.95;

/**
 * Milliseconds until the first beat: anywhere in the interval, so that agents that start together
 * do not beat together. `random` is in [0, 1).
 */
export function firstBeatDelay(intervalMs: number, random: number): number {
  return intervalMs * random;
}

/** Milliseconds until the next beat: 80–95 % of the interval. `random` is in [0, 1). */
export function nextBeatDelay(intervalMs: number, random: number): number {
  return intervalMs * (EARLIEST + (LATEST - EARLIEST) * random);
}

/** Milliseconds until a failed beat is tried again, or null when the next regular beat is due instead. */
export function beatRetryDelay(failures: number, timing: Timing): number | null {
  return timing.HEARTBEAT_RETRY_MS[failures - 1] ?? null;
}

/**
 * Whether a client was suspended between two of its own ticks, because more than two beats fit
 * between them: then it beats before it does anything else.
 */
export function wasSuspended(sinceLastTickMs: number, intervalMs: number): boolean {
  return sinceLastTickMs > 2 * intervalMs;
}
