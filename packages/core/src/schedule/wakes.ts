/** A role is woken by schedules at most this often: a turn should have had the time to end. */
export const WAKE_SPACING_MS = 30_000;
/** A room is woken by schedules at most this many times within a minute … */
export const WAKES_PER_MINUTE = 5;
export const WAKE_WINDOW_MS = 60_000;
/** Heartbeats of one role that are due within this time are one. */
export const COALESCE_MS = 250;

export type Wake = { readonly role: string; readonly at: number };

/**
 * The first moment from now on at which a role may be woken, given the wakes of its room that were and that
 * are still to come. What comes too soon waits; nothing is dropped.
 */
export function nextWakeAt(role: string, wakes: readonly Wake[], now: number): number {
  const times = wakes.map(({ at }) => at).toSorted((a, b) => a - b);
  const own = wakes.filter((wake) => wake.role === role).map(({ at }) => at);
  let at = now;
  for (let settled = false; !settled;) {
    const before = at;
    for (const other of own.toSorted((a, b) => a - b))
      if (Math.abs(at - other) < WAKE_SPACING_MS) at = other + WAKE_SPACING_MS;
    at = whenRoomIsFree(times, at);
    settled = at === before;
  }
  return at;
}

/** The first moment from `at` on at which one more wake leaves every minute with at most five. */
function whenRoomIsFree(times: readonly number[], at: number): number {
  for (let first = 0; first + WAKES_PER_MINUTE <= times.length; first += 1) {
    const [begin = 0, end = 0] = [times[first], times[first + WAKES_PER_MINUTE - 1]];
    const crowded = Math.max(end, at) - Math.min(begin, at) < WAKE_WINDOW_MS;
    if (crowded) return whenRoomIsFree(times.slice(first + 1), begin + WAKE_WINDOW_MS);
  }
  return at;
}
