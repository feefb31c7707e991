import type { Timing } from "./timing.ts";

/** The bounds of a backoff in milliseconds: the first full wait, which then doubles, and the longest one. */
export type BackoffBounds = { readonly firstMs: number; readonly maxMs: number };

/** For restarts of agents and for tasks that come back after a crash. */
export function restartBackoff(timing: Timing): BackoffBounds {
  return { firstMs: timing.BACKOFF_FIRST_MS, maxMs: timing.BACKOFF_MAX_MS };
}

/**
 * Milliseconds to wait after the given number of failures in a row (1 for the first). Half of the wait
 * is fixed and half random: the random half keeps agents that failed together apart, the fixed half
 * keeps `dead` on the screen long enough to be seen. `random` is in [0, 1).
 */
export function backoffDelay(failures: number, random: number, bounds: BackoffBounds): number {
  const doublings = Math.max(0, failures - 1);
  const full = Math.min(bounds.maxMs, bounds.firstMs * 2 ** doublings);
  return full / 2 + (full / 2) * random;
}
