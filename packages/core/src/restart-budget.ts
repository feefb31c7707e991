import { backoffDelay, restartBackoff } from "./backoff.ts";
import type { Timing } from "./timing.ts";

/** Who wanted a start: the supervisor by itself, a trial after giving up, a person's message, a person. */
export type StartCause = "supervisor" | "trial" | "message" | "person";

/** One start of an agent's process as its machine saw it. Times are milliseconds since the epoch. */
export type Start = {
  readonly cause: StartCause;
  readonly at: number;
  readonly joinedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly startedTask: boolean;
  /** It ended for a reason that another start alone does not change: a program or a directory is missing. */
  readonly hopeless?: boolean | undefined;
  /** It ended because its room was out of reach: no fault of its own, but it counts for the rate of starts. */
  readonly unreached?: boolean | undefined;
};

/** Starts that fail in a row before the agent is given up. */
export const MAX_FAILED_STARTS = 3;
/** Starts within RESTART_WINDOW_MS, failed or not, before the agent is given up. */
export const MAX_STARTS_IN_WINDOW = 5;

export type BudgetVerdict =
  /** Start now, and write `cause` into the history. */
  | { readonly verdict: "allowed"; readonly cause: StartCause }
  /** Ask again after `ms`. */
  | { readonly verdict: "wait"; readonly ms: number }
  /** Given up after `starts` starts. `trialInMs` is null when only a person can start it. */
  | { readonly verdict: "exhausted"; readonly starts: number; readonly trialInMs: number | null };

/** What is wanted now: `nobody` when the supervisor acts by itself. */
export type AskedBy = "nobody" | "message" | "person";

/** A start failed if it ended by itself before its join, or soon after it without having started a task. */
export function hasFailed(start: Start, timing: Timing): boolean {
  if (start.endedAt === undefined || start.startedTask || start.unreached === true) return false;
  return start.joinedAt === undefined || start.endedAt - start.joinedAt < timing.EARLY_END_MS;
}

/**
 * Whether an agent that is not running may be started at `now`.
 *
 * A start that was hopeless uses the budget up at once. A person's start begins a fresh one. A person's
 * message gives an agent that was given up one trial at once, without using up the scheduled ones.
 * `random` in [0, 1) is drawn once per end of a process and kept until the next, so that the answer
 * does not jump between two questions.
 *
 * @param history the starts since the last one by a person (older ones are ignored), oldest first. The
 *   machine ends a start whose process it finds gone; one without an end is not counted yet
 */
export function restartBudget(
  history: readonly Start[],
  asked: AskedBy,
  now: number,
  random: number,
  timing: Timing,
): BudgetVerdict {
  if (asked === "person") return { verdict: "allowed", cause: "person" };
  const account = settle(history, timing);
  if (account.endedAt === null) return { verdict: "allowed", cause: "supervisor" };
  if (account.givenUp && asked === "message") return { verdict: "allowed", cause: "message" };
  if (account.givenUp) return trial(account, account.endedAt, now, timing);
  const due = account.endedAt + backoffDelay(account.recent, random, restartBackoff(timing));
  if (now < due) return { verdict: "wait", ms: due - now };
  return { verdict: "allowed", cause: "supervisor" };
}

type Account = {
  readonly failedInRow: number;
  /** Starts within the window that ended with the last process. */
  readonly recent: number;
  readonly givenUp: boolean;
  /** Starts until it was given up. */
  readonly starts: number;
  /** Scheduled trials since it was given up. */
  readonly trials: number;
  readonly endedAt: number | null;
};

const FRESH: Account = {
  failedInRow: 0,
  recent: 0,
  givenUp: false,
  starts: 0,
  trials: 0,
  endedAt: null,
};

function settle(history: readonly Start[], timing: Timing): Account {
  const byPerson = history.findLastIndex((start) => start.cause === "person");
  const counted = history.slice(Math.max(0, byPerson));
  let account = FRESH;
  for (const start of counted) {
    if (start.endedAt === undefined) continue;
    const windowStart = start.endedAt - timing.RESTART_WINDOW_MS;
    const recent = counted.filter(({ at }) => at > windowStart && at <= start.at).length;
    account = settleEnd(account, start, start.endedAt, recent, hasFailed(start, timing));
  }
  return account;
}

/**
 * A process ended. Being given up is decided at this moment and never by the clock, or else waiting
 * alone would empty the window again; it is over when a trial neither failed nor is one of too many.
 */
function settleEnd(
  account: Account,
  start: Start,
  endedAt: number,
  recent: number,
  failed: boolean,
): Account {
  const failedInRow = failed ? account.failedInRow + 1 : 0;
  const hopeless = failed && start.hopeless === true;
  const tooMany = hopeless || failedInRow >= MAX_FAILED_STARTS || recent >= MAX_STARTS_IN_WINDOW;
  if (!tooMany && !(account.givenUp && failed)) return { ...FRESH, failedInRow, recent, endedAt };
  const spent = hopeless || failedInRow >= MAX_FAILED_STARTS ? failedInRow : recent;
  return {
    failedInRow,
    recent,
    givenUp: true,
    starts: account.givenUp ? account.starts + 1 : spent,
    trials: account.trials + (start.cause === "trial" ? 1 : 0),
    endedAt,
  };
}

function trial(account: Account, endedAt: number, now: number, timing: Timing): BudgetVerdict {
  const delay = timing.TRIAL_DELAYS_MS[account.trials];
  const { starts } = account;
  if (delay === undefined) return { verdict: "exhausted", starts, trialInMs: null };
  const due = endedAt + delay;
  if (now < due) return { verdict: "exhausted", starts, trialInMs: due - now };
  return { verdict: "allowed", cause: "trial" };
}
