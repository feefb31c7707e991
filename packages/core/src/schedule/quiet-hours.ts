import { zoneProblem } from "./cadence.ts";

/** Hours of the day in which nothing is to be heard, "HH:MM" to "HH:MM". The same twice means never. */
export type QuietHours = { readonly from: string; readonly to: string; readonly zone: string };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** What is wrong with quiet hours, as one sentence; null when they may be kept. */
export function quietHoursProblem({ from, to, zone }: QuietHours): string | null {
  for (const time of [from, to])
    if (!CLOCK.test(time)) return `"${time}" is not a time of the day, like "22:00".`;
  return zoneProblem(zone);
}

/**
 * Whether it is quiet at a moment: from the first minute on, until the last one begins; over midnight when
 * it ends before it begins.
 */
export function isQuiet(quiet: QuietHours, now: number): boolean {
  const from = minuteOf(quiet.from);
  const to = minuteOf(quiet.to);
  const minute = localMinute(quiet.zone, now);
  if (from === to) return false;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** The first moment from now on at which it is not quiet; now, when it is not. */
export function quietUntil(quiet: QuietHours, now: number): number {
  if (!isQuiet(quiet, now)) return now;
  const left = minuteOf(quiet.to) - localMinute(quiet.zone, now);
  const intoMinute = ((now % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
  const atEnd = now - intoMinute + ((left + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
  // The clock may be put forward or back on the way: the end is then an hour sooner or later.
  return moved(quiet, atEnd);
}

/** Goes on to the first minute that is not quiet, or back to it if some before was not. */
function moved(quiet: QuietHours, at: number): number {
  let end = at;
  while (isQuiet(quiet, end)) end += MINUTE_MS;
  while (!isQuiet(quiet, end - MINUTE_MS) && at - end < 120 * MINUTE_MS) end -= MINUTE_MS;
  return end;
}

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function localMinute(zone: string, now: number): number {
  const parts = clockOf(zone).formatToParts(new Date(now));
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value ?? 0);
  return part("hour") * 60 + part("minute");
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const format = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const made = new Intl.DateTimeFormat("en-GB", format);
  clocks.set(zone, made);
  return made;
}
