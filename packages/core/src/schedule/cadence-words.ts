import type { Cadence } from "./cadence.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * When a schedule is due, as people say it: `every 30 min`, `at 09:00 on weekdays, Europe/Berlin`. `moment`
 * writes the date of one that is due once. An expression that has no short words stands as it is.
 */
export function cadenceWords(cadence: Cadence, moment: (at: number) => string): string {
  if (cadence.type === "interval") return every(cadence.everyMs);
  if (cadence.type === "once") return `once, ${moment(cadence.at)}`;
  const { expression, zone } = cadence;
  return `${cronWords(expression) ?? `cron ${expression.trim()}`}, ${zone}`;
}

function every(ms: number): string {
  if (ms % DAY === 0) return ms === DAY ? "every day" : `every ${ms / DAY} days`;
  if (ms % HOUR === 0) return ms === HOUR ? "every hour" : `every ${ms / HOUR} h`;
  if (ms % MINUTE === 0) return ms === MINUTE ? "every minute" : `every ${ms / MINUTE} min`;
  return `every ${Math.round(ms / 1_000)} s`;
}

/** Null for whatever is said in more than a few words. */
function cronWords(expression: string): string | null {
  const [minute = "", hour = "", date = "", month = "", weekday = ""] = expression
    .trim()
    .split(/\s+/u);
  const days = month === "*" ? daysOf(date, weekday) : null;
  if (days === null) return null;
  const times = timesOf(minute, hour);
  if (times !== null) return `at ${times} ${days === "" ? "every day" : days}`;
  const pace = paceOf(minute, hour);
  return pace === null ? null : `${pace} ${days}`.trimEnd();
}

/** `09:00 and 17:00`; null unless minute and hours are plain numbers. */
function timesOf(minute: string, hour: string): string | null {
  const at = numberIn(minute, 59);
  const hours = hour.split(",").map((one) => numberIn(one, 23));
  if (at === null || hours.length > 4 || hours.some((one) => one === null)) return null;
  return listed(hours.map((one) => `${two(one ?? 0)}:${two(at)}`));
}

/** What comes more often than at a few hours. */
function paceOf(minute: string, hour: string): string | null {
  const step = /^\*\/(\d{1,2})$/u;
  const minutes = step.exec(minute)?.[1];
  if (hour === "*" && minute === "*") return "every minute";
  if (hour === "*" && minutes !== undefined) return `every ${Number(minutes)} min by the clock`;
  const at = numberIn(minute, 59);
  if (at === null) return null;
  if (hour === "*") return `every hour at :${two(at)}`;
  const hours = step.exec(hour)?.[1];
  return hours === undefined ? null : `every ${Number(hours)} h at :${two(at)}`;
}

/** Empty for every day, null for what has no short words. */
function daysOf(date: string, weekday: string): string | null {
  if (date === "*") return weekday === "*" ? "" : weekdaysOf(weekday.toUpperCase());
  const day = numberIn(date, 31);
  return weekday === "*" && day !== null ? `on day ${day} of the month` : null;
}

function weekdaysOf(weekday: string): string | null {
  if (weekday === "1-5" || weekday === "MON-FRI") return "on weekdays";
  if (["0,6", "6,0", "6,7", "SAT,SUN"].includes(weekday)) return "on weekends";
  const names = weekday.split(",").map(nameOf);
  return names.includes(null) ? null : `on ${listed(names.map((name) => `${name}s`))}`;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function nameOf(day: string): string | null {
  const number = numberIn(day, 7);
  if (number !== null) return DAYS[number % 7] ?? null;
  return DAYS.find((name) => name.slice(0, 3).toUpperCase() === day) ?? null;
}

function numberIn(text: string, most: number): number | null {
  return /^\d{1,2}$/u.test(text) && Number(text) <= most ? Number(text) : null;
}

const two = (number: number): string => String(number).padStart(2, "0");

function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
