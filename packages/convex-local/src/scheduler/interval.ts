import type { CronSpec } from "../engine/engine.ts";

const UNITS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000 } as const;

/** The period of an interval cron in milliseconds, or null for any other kind of schedule. */
export function intervalOf({ schedule }: CronSpec): number | null {
  if (schedule.type !== "interval") return null;
  for (const [unit, ms] of Object.entries(UNITS)) {
    const count = schedule[unit];
    if (typeof count === "number" && count > 0) return count * ms;
  }
  return null;
}

/** The first time after `now` on the grid that `scheduled` lies on: missed runs are skipped, the phase stays. */
export function nextOnGrid(scheduled: number, interval: number, now: number): number {
  const missed = Math.max(0, Math.floor((now - scheduled) / interval));
  return scheduled + (missed + 1) * interval;
}
