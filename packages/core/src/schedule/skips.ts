/**
 * Every reason why a tick wakes nobody, or its answer reaches nobody. The first that holds is the one that is
 * stored, in this order; the last two withhold an answer and not a run.
 */
export const SKIP_REASONS = [
  "disabled",
  "room-archived",
  "nothing-shown",
  "quiet-hours",
  "agent-offline",
  "busy",
  "coalesced",
  "missing-file",
  "unreadable-file",
  "huge-file",
  "empty-file",
  "nothing-due",
  "capped",
  "stopped",
  "failed",
  "duplicate",
  "no-target",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What people read of it, as the end of "skipped: …". */
export const SKIP_LABELS = {
  disabled: "schedules are switched off",
  "room-archived": "its room was archived",
  "nothing-shown": "nothing of it would be shown",
  "quiet-hours": "its quiet hours",
  "agent-offline": "its agent cannot be woken",
  busy: "its last tick still waits",
  coalesced: "another heartbeat of the role has just woken it",
  "missing-file": "there is no HEARTBEAT.md and no work is due",
  "unreadable-file": "HEARTBEAT.md cannot be read and no work is due",
  "huge-file": "HEARTBEAT.md is too large and no work is due",
  "empty-file": "HEARTBEAT.md asks for nothing and no work is due",
  "nothing-due": "looked, nothing due",
  capped: "the room's runs or money of a day are used up",
  stopped: "nobody has spoken in the room for long",
  failed: "the tick broke",
  duplicate: "the same was said within a day",
  "no-target": "there is nobody to send it to",
} as const satisfies Record<SkipReason, string>;

/** Why a schedule was stopped; only a person resumes it. */
export const SCHEDULE_STOPS = ["sign-in-failed", "idle-room"] as const;
export type ScheduleStop = (typeof SCHEDULE_STOPS)[number];
