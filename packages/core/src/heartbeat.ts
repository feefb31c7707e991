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

/** Milliseconds until the next beat: 80–95 % of the interval, as the server draws it for each. `random` is in [0, 1). */
export function nextBeatDelay(intervalMs: number, random: number): number {
  return intervalMs * (EARLIEST + (LATEST - EARLIEST) * random);
}
