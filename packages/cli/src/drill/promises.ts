import type { Timing } from "@muster/core";

/** What a drill kills, in this order. */
export type Incident = "agent" | "daemon" | "backend";

/** How soon a death is seen, and how soon after that everything is as it was. In ms. */
export interface Promised {
  readonly seenMs: number;
  readonly backMs: number;
}

/** What this deployment promises for each kind of death, by its timing. */
export function promised(timing: Timing): Readonly<Record<Incident, Promised>> {
  const { BACKOFF_FIRST_MS, STARTUP_DEADLINE_MS, DAEMON_HEARTBEAT_TTL_MS } = timing;
  return {
    // Its daemon is told by the system; a start may then take as long as a program is allowed to.
    agent: { seenMs: 250, backMs: BACKOFF_FIRST_MS + STARTUP_DEADLINE_MS },
    daemon: { seenMs: DAEMON_HEARTBEAT_TTL_MS + 1_000, backMs: 10_000 },
    backend: { seenMs: 5_000, backMs: 10_000 + 2 * timing.HEARTBEAT_TTL_MS },
  };
}

/** What came of one kill. */
export interface Measured {
  readonly incident: Incident;
  readonly promised: Promised;
  /** Null: nobody saw it before it was over. */
  readonly seenMs: number | null;
  /** Null: not within a minute more than promised. */
  readonly backMs: number | null;
  /** The task that was under way was finished, once. */
  readonly taskKept: boolean;
}

export function isKept({ promised: { seenMs, backMs }, ...measured }: Measured): boolean {
  const seenInTime = measured.seenMs === null || measured.seenMs <= seenMs;
  return seenInTime && measured.backMs !== null && measured.backMs <= backMs && measured.taskKept;
}
