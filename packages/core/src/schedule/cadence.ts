import { Cron } from "croner";
import { computeStartDelay } from "./start-delay.ts";

/** When a schedule is due. Milliseconds; `zone` is an IANA name, `expression` has five fields. */
export type Cadence =
  | { readonly type: "interval"; readonly everyMs: number }
  | { readonly type: "cron"; readonly expression: string; readonly zone: string }
  | { readonly type: "once"; readonly at: number };

/** The shortest time between two ticks: a turn of an agent takes longer than that. */
export const SHORTEST_INTERVAL_MS = 60_000;
/** The longest interval: what is due less often is a date, and a cron expression says which. */
export const LONGEST_INTERVAL_MS = 366 * 24 * 3_600_000;
/** How far missed due times are counted one by one; beyond it nobody cares for the number. */
export const MOST_MISSED = 1_000;
/** How late the one tick of a date may be before it is a notice. */
const ONCE_PERIOD_MS = 3_600_000;

/** What is wrong with a cadence that somebody asks for now, as one sentence; null when it may be kept. */
export function cadenceProblem(cadence: Cadence, now: number): string | null {
  if (cadence.type === "interval") return intervalProblem(cadence.everyMs);
  if (cadence.type === "cron") return cronProblem(cadence.expression, cadence.zone, now);
  if (!Number.isInteger(cadence.at)) return "The date is not a moment in milliseconds.";
  return cadence.at > now ? null : "The date lies in the past, so it would never come.";
}

function intervalProblem(everyMs: number): string | null {
  if (!Number.isInteger(everyMs) || everyMs < SHORTEST_INTERVAL_MS)
    return "The interval is shorter than one minute.";
  return everyMs > LONGEST_INTERVAL_MS ? "The interval is longer than a year." : null;
}

function cronProblem(expression: string, zone: string, now: number): string | null {
  const wrongZone = zoneProblem(zone);
  if (wrongZone !== null) return wrongZone;
  const wrong = `"${expression}" is not a cron expression of five fields, like "0 9 * * 1-5".`;
  if (expression.trim().split(/\s+/).length !== 5) return wrong;
  let first: number | null;
  try {
    first = cronAfter(expression, zone, now);
  } catch {
    return wrong;
  }
  return first === null ? `"${expression}" names a time that never comes.` : null;
}

/** What is wrong with a time zone's name, as one sentence; null when this computer knows it. */
export function zoneProblem(zone: string): string | null {
  const wrong = `"${zone}" is not a time zone, like "Europe/Berlin" or "UTC".`;
  if (!/^[A-Za-z]/.test(zone)) return wrong;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone === ""
      ? wrong
      : null;
  } catch {
    return wrong;
  }
}

/** When a schedule that begins or is resumed now ticks first; null when it never will. */
export function firstDue(cadence: Cadence, lastTickAt: number | null, now: number): number | null {
  if (cadence.type === "interval") return now + computeStartDelay(lastTickAt, cadence.everyMs, now);
  if (cadence.type === "cron") return cronAfter(cadence.expression, cadence.zone, now);
  return lastTickAt === null ? cadence.at : null;
}

export type NextDue = {
  /** The first due time after now; null when there is none. */
  readonly nextDueAt: number | null;
  /** How many due times passed after `dueAt` and are not made up for. At most MOST_MISSED are counted. */
  readonly missed: number;
};

/** What follows the due time that is handled now. Due times of an interval keep their distance from each other. */
export function nextDue(cadence: Cadence, dueAt: number, now: number): NextDue {
  if (cadence.type === "once") return { nextDueAt: null, missed: 0 };
  if (cadence.type === "interval") {
    const missed = Math.max(0, Math.floor((now - dueAt) / cadence.everyMs));
    const nextDueAt = dueAt + (missed + 1) * cadence.everyMs;
    return { nextDueAt, missed: Math.min(missed, MOST_MISSED) };
  }
  const { expression, zone } = cadence;
  const cron = new Cron(expression, { timezone: zone, paused: true });
  let missed = 0;
  let next = msOf(cron.nextRun(new Date(dueAt)));
  while (next !== null && next <= now && missed < MOST_MISSED) {
    missed += 1;
    next = msOf(cron.nextRun(new Date(next)));
  }
  const passed = next !== null && next <= now;
  return { nextDueAt: passed ? msOf(cron.nextRun(new Date(now))) : next, missed };
}

/** How long after `dueAt` the schedule should have ticked again: what its lateness is measured by. */
export function periodAfter(cadence: Cadence, dueAt: number): number {
  if (cadence.type === "once") return ONCE_PERIOD_MS;
  if (cadence.type === "interval") return cadence.everyMs;
  const after = cronAfter(cadence.expression, cadence.zone, dueAt);
  return after === null ? ONCE_PERIOD_MS : after - dueAt;
}

function cronAfter(expression: string, zone: string, after: number): number | null {
  const cron = new Cron(expression, { timezone: zone, paused: true });
  return msOf(cron.nextRun(new Date(after)));
}

const msOf = (date: Date | null) => date?.getTime() ?? null;
