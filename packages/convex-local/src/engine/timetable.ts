import { Cron } from "croner";
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
const UNITS = { seconds: SECOND, minutes: MINUTE, hours: HOUR } as const;
const WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday".split(" ");

/** Throws an Error for a schedule that no clock can keep. */
export function timetableOf(schedule: Schedule): Timetable {
  switch (schedule.type) {
    case "interval":
      return everyInterval(intervalOf(schedule));
    case "cron":
      return onCalendar(textIn(schedule, "cron"), MINUTE);
    case "hourly":
    case "daily":
    case "weekly":
    case "monthly":
      return onCalendar(
        expressionOf(schedule),
        schedule["minuteUTC"] === undefined ? HOUR : MINUTE,
      );
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

/** The schedule as a cron expression. */
function expressionOf(schedule: Schedule): string {
  const { type, minuteUTC = 0, hourUTC, day } = schedule;
  if (type === "hourly") return `${Number(minuteUTC)} * * * *`;
  const time = `${Number(minuteUTC)} ${Number(hourUTC)}`;
  if (type === "daily") return `${time} * * *`;
  if (type === "monthly") return `${time} ${Number(day)} * *`;
  return `${time} * * ${WEEKDAYS.indexOf(textIn(schedule, "dayOfWeek"))}`;
}

/** Each run is late by the same share of `open`, so that not everything in the world starts at the full minute. */
function onCalendar(expression: string, open: number): Timetable {
  const calendar = readExpression(expression);
  const after = (time: number, splay: number) => nextMinute(calendar, time - splay) + splay;
  nextMinute(calendar, 0);
  return {
    first: (now, share) => after(now, Math.floor(share * open)),
    next: (scheduled, now) => after(Math.max(scheduled, now), scheduled % open),
  };
}

/** Five fields in UTC. With a day of the month and a weekday given, a day of either kind counts, as cron has it. */
function readExpression(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) {
    throw new Error(`"${text}" is not a cron expression: it has ${fields.length} fields, not 5.`);
  }
  try {
    return new Cron(fields.join(" "), { timezone: "UTC", mode: "5-part", sloppyRanges: true });
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^\w+: /, "").replace(/\.$/, "");
    throw new Error(`"${text}" is not a cron expression: ${reason}.`, { cause });
  }
}

/** The first full minute of the calendar after `time`. Throws an Error if there is none. */
function nextMinute(calendar: Cron, time: number): number {
  const found = calendar.nextRun(new Date(time));
  if (found === null) throw new Error("The schedule names no day that ever comes.");
  return found.getTime();
}
