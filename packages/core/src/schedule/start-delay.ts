/**
 * How long until a schedule by interval ticks, from what was stored and the wall clock: a restart changes
 * nothing. One that never ticked, or is overdue or exactly due, ticks now. All in milliseconds.
 *
 * A last tick that lies in the future, because the clock was set back since, counts as just now.
 */
export function computeStartDelay(
  lastTickAt: number | null,
  intervalMs: number,
  now: number,
): number {
  if (lastTickAt === null) return 0;
  const elapsed = Math.max(0, now - lastTickAt);
  return Math.max(0, intervalMs - elapsed);
}
