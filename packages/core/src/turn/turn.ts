import { TEXT_LIMITS, utf8Length } from "../room/text.ts";

/** One prompt to a harness until it stops is a turn: it runs, and then it has ended. */
export const TURN_STATUSES = ["running", "ended"] as const;
export type TurnStatus = (typeof TURN_STATUSES)[number];

/** Why a harness stopped, as its adapter tells it. */
export const REPORTED_STOP_REASONS = [
  "end_turn",
  "max_tokens",
  "max_turn_requests",
  "refusal",
  "cancelled",
  "failed",
  "timed_out",
] as const;
/** … or `lost`: its agent's epoch ended, or the next turn began, before anybody told how it stopped. */
export const STOP_REASONS = [...REPORTED_STOP_REASONS, "lost"] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** What an agent does whose task is over while its harness still talks. */
export const FINISHING_TURN = "finishing its turn";

export const TOOL_STATUSES = ["pending", "running", "done", "failed"] as const;
export type ToolStatus = (typeof TOOL_STATUSES)[number];
export const PLAN_ENTRY_STATUSES = ["pending", "in_progress", "completed"] as const;
export type PlanEntryStatus = (typeof PLAN_ENTRY_STATUSES)[number];

/** How many events of a turn are kept: what a person reads back; the oldest go first and are only counted. */
export const MAX_TURN_EVENTS = 500;
/** How many events may come at once: a second's worth of the busiest harness. */
export const MAX_EVENTS_AT_ONCE = 100;
/** How long the events of a turn are kept: a person looks back a week; the diff stays longer, the messages for good. */
export const TURN_EVENTS_KEPT_MS = 14 * 24 * 3_600_000;

/**
 * Those of the events that were not recorded before; null when some between are missing. The first event of
 * a turn is number 1, so a batch that comes again, or that overlaps the last one, adds each event once.
 *
 * @param recorded how many events of the turn were recorded so far
 * @param from the number of the first of these events
 */
export function unrecorded<Event>(
  recorded: number,
  from: number,
  events: readonly Event[],
): readonly Event[] | null {
  return from < 1 || from > recorded + 1 ? null : events.slice(recorded + 1 - from);
}

/** The numbers of the events that a turn with `recorded` events no longer keeps end here; 0 when it keeps all. */
export function lastDropped(recorded: number): number {
  return Math.max(0, recorded - MAX_TURN_EVENTS);
}

/** What is wrong with the size of an event's body, as one sentence; null when it may be stored. */
export function eventProblem(body: string | object): string | null {
  const bytes = utf8Length(typeof body === "string" ? body : JSON.stringify(body));
  if (bytes <= TEXT_LIMITS.event) return null;
  return `The event has ${bytes} bytes, but at most ${TEXT_LIMITS.event} are allowed.`;
}

/** What a turn has used up so far, as far as its harness tells. */
export type Usage = {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cost?: { readonly amount: number; readonly currency: string };
};

/** What is wrong with a usage, as one sentence; null when it can be shown and added up. */
export function usageProblem({ inputTokens = 0, outputTokens = 0, cost }: Usage): string | null {
  for (const number of [inputTokens, outputTokens, cost?.amount ?? 0])
    if (!Number.isFinite(number) || number < 0) return "A usage consists of positive numbers.";
  return cost === undefined || /^[A-Z]{3}$/.test(cost.currency)
    ? null
    : 'A currency is three capital letters, like "USD".';
}
