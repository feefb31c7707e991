import type { SeatEvent } from "#lib/backend.ts";

/** An agent died while it was wanted, and what became of that. */
export interface Crash {
  readonly at: number;
  readonly reason: string;
  readonly outcome: "open" | "back" | "gave up" | "left";
  /** Why it stands so, in the words of what happened last. */
  readonly last: string;
}

const OUTCOMES: Partial<Record<SeatEvent["to"], Crash["outcome"]>> = {
  ready: "back",
  working: "back",
  dead_failed_revive: "gave up",
  offline: "left",
};

/**
 * The crashes among what happened to a role, which is given newest first; the crashes come oldest first. A start that
 * fails belongs to the crash that it should have mended.
 */
export function crashesIn(events: readonly SeatEvent[]): readonly Crash[] {
  const crashes: Crash[] = [];
  for (const { at, to, from, reason, accepted } of events.toReversed()) {
    if (!accepted) continue;
    const crash = crashes.at(-1);
    const open = crash?.outcome === "open" ? crash : null;
    const outcome = OUTCOMES[to];
    if (outcome !== undefined && open !== null)
      crashes[crashes.length - 1] = { ...open, outcome, last: reason };
    else if (to === "dead" && from !== "dead" && open === null)
      crashes.push({ at, reason, outcome: "open", last: reason });
  }
  return crashes;
}
