import { type Calendar, readCronExpression } from "./cron-expression.ts";
import type { CronSpec } from "./engine.ts";

/** When a cron runs. Times are milliseconds since the epoch. */
export interface Timetable {
  /** The first run of a cron that is new at `now`; `share` (0 ≤ share < 1) places it within the time that is left open. */
  first(now: number, share: number): number;
  /** The first run after `now` in the phase of `scheduled`: what was missed meanwhile is skipped. */
  next(scheduled: number, now: number): number;
}

type Schedule = CronSpec["schedule"];

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const UNITS = { seconds: SECOND, minutes: MINUTE, hours: HOUR } as const;
const WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const EVERY_MONTH = new Set(Array.from({ length: 12 }, (_, at) => at + 1));
const EVERY_HOUR = new Set(Array.from({ length: 24 }, (_, at) => at));
/** The longest that a calendar may name no day: from one leap day to the next, over the turn of a century. */
const DAYS_AHEAD = 366 * 8 + 2;

/** Throws an Error for a schedule that no clock can keep. */
export function timetableOf(schedule: Schedule): Timetable {
  switch (schedule.type) {
    case "interval":
      return everyInterval(intervalOf(schedule));
    case "cron":
      return onCalendar(readCronExpression(textIn(schedule, "cron")), MINUTE);
    case "hourly":
    case "daily":
    case "weekly":
    case "monthly":
      return onCalendar(calendarOf(schedule), schedule["minuteUTC"] === undefined ? HOUR : MINUTE);
    default:
      throw new Error(`There is no schedule of the kind "${schedule.type}".`);
  }
}

function intervalOf(schedule: Schedule): number {
  for (const [unit, ms] of Object.entries(UNITS)) {
    const count = schedule[unit];
    if (typeof count === "number" && count > 0) return count * ms;
  }
  throw new Error("An interval needs a number of seconds, minutes or hours.");
}

function textIn(schedule: Schedule, field: string): string {
  const text = schedule[field];
  return typeof text === "string" ? text.toLowerCase() : "";
}

/** Runs at once, then on the grid that its first run began. */
function everyInterval(interval: number): Timetable {
  return {
    first: (now) => now,
    next: (scheduled, now) => {
      const missed = Math.max(0, Math.floor((now - scheduled) / interval));
      return scheduled + (missed + 1) * interval;
    },
  };
}

function calendarOf(schedule: Schedule): Calendar {
  const { type, minuteUTC = 0, hourUTC, day } = schedule;
  const weekday = type === "weekly" ? WEEKDAYS.indexOf(textIn(schedule, "dayOfWeek")) : 0;
  return {
    minutes: new Set([Number(minuteUTC)]),
    hours: type === "hourly" ? EVERY_HOUR : new Set([Number(hourUTC)]),
    days: type === "monthly" ? new Set([Number(day)]) : null,
    months: EVERY_MONTH,
    weekdays: type === "weekly" ? new Set([weekday]) : null,
  };
}

/** Each run is late by the same share of `open`, so that not everything in the world starts at the full minute. */
function onCalendar(calendar: Calendar, open: number): Timetable {
  const after = (time: number, splay: number) => nextMinute(calendar, time - splay) + splay;
  nextMinute(calendar, 0);
  return {
    first: (now, share) => after(now, Math.floor(share * open)),
    next: (scheduled, now) => after(Math.max(scheduled, now), scheduled % open),
  };
}

/** The first full minute of the calendar after `time`. Throws an Error if there is none within eight years. */
function nextMinute(calendar: Calendar, time: number): number {
  const today = Math.floor(time / DAY) * DAY;
  for (let days = 0; days < DAYS_AHEAD; days += 1) {
    const start = today + days * DAY;
    if (!isDayOf(calendar, new Date(start))) continue;
    const found = earliest(calendar, start, time);
    if (found !== undefined) return found;
  }
  throw new Error("The schedule names no day that ever comes.");
}

/** The first minute after `time` on the day that begins at `start`. */
function earliest({ hours, minutes }: Calendar, start: number, time: number): number | undefined {
  let best: number | undefined;
  for (const hour of hours) {
    for (const minute of minutes) {
      const candidate = start + hour * HOUR + minute * MINUTE;
      if (candidate > time && (best === undefined || candidate < best)) best = candidate;
    }
  }
  return best;
}

function isDayOf({ days, months, weekdays }: Calendar, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isDay = days?.has(date.getUTCDate());
  const isWeekday = weekdays?.has(date.getUTCDay());
  return isDay === undefined ? (isWeekday ?? true) : isDay || (isWeekday ?? false);
}
