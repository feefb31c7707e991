import { SKIP_LABELS } from "./skips.ts";
import type { ScheduleStop, SkipReason } from "./skips.ts";

/** A tick is due until it is decided; a woken one has a task and ends with its outcome. */
export const TICK_STATUSES = ["due", "skipped", "woken", "ended"] as const;
export type TickStatus = (typeof TICK_STATUSES)[number];

export const TICK_OUTCOMES = [
  "ok",
  "alert",
  "duplicate",
  "handed_off",
  "cancelled",
  "failed",
] as const;
export type TickOutcome = (typeof TICK_OUTCOMES)[number];

const OUTCOME_LABELS = {
  ok: "all is well",
  alert: "had news",
  duplicate: "had no other news than before",
  handed_off: "handed the work on",
  cancelled: "was called off",
  failed: "did not get it done",
} as const satisfies Record<TickOutcome, string>;

/** Why a schedule was stopped, as the end of "stopped: …". */
export const STOP_LABELS = {
  "sign-in-failed": "its agent failed to sign in to its model three times in a row",
  "idle-room": "nobody has spoken in the room for long",
} as const satisfies Record<ScheduleStop, string>;

/** How a tick stands, as far as its words need it. */
export type TickNow = {
  readonly status: TickStatus;
  readonly reason: SkipReason | null;
  readonly outcome?: TickOutcome | null;
};

const STATUS_WORDS = {
  due: () => "is being decided",
  skipped: ({ reason }) => (reason === null ? "skipped" : SKIP_LABELS[reason]),
  woken: () => "woke its agent",
  ended: ({ outcome = null }) => (outcome === null ? "ended" : OUTCOME_LABELS[outcome]),
} as const satisfies Record<TickStatus, (tick: TickNow) => string>;

/** What came of a tick, the same to people at the dashboard and at the command line. */
export function tickWords(tick: TickNow): string {
  return STATUS_WORDS[tick.status](tick);
}
