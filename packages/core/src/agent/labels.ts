import type { AgentStatus } from "./lifecycle.ts";

/** A colour by its token, which the dashboard maps to light and dark; it never carries the meaning alone. */
export type ColourToken = "grey" | "green" | "blue" | "amber" | "red";

/** How a status is shown, the same to people at the dashboard and at the command line. */
export type StatusLabel = {
  readonly label: string;
  readonly colour: ColourToken;
  readonly pulsing: boolean;
  readonly outlined: boolean;
  /** One sentence for whoever asks what the label means. */
  readonly description: string;
};

export const AGENT_LABELS = {
  offline: {
    label: "OFFLINE",
    colour: "grey",
    pulsing: false,
    outlined: false,
    description: "Never joined, left, was parked too long, or was stopped on purpose.",
  },
  ready: {
    label: "READY",
    colour: "green",
    pulsing: false,
    outlined: false,
    description: "Waits for work and was heard from within its lease.",
  },
  working: {
    label: "WORKING",
    colour: "blue",
    pulsing: true,
    outlined: false,
    description: "Holds a started task and was heard from within its lease.",
  },
  restarting: {
    label: "RESTARTING",
    colour: "amber",
    pulsing: true,
    outlined: false,
    description: "Its machine is starting it.",
  },
  dead: {
    label: "DEAD",
    colour: "red",
    pulsing: false,
    outlined: false,
    description: "Its lease ran out, or its process ended unasked.",
  },
  dead_failed_revive: {
    label: "DEAD (UNRECOVERABLE)",
    colour: "red",
    pulsing: false,
    outlined: true,
    description: "It failed too often, so its machine gave up; a person can start it again.",
  },
} as const satisfies Record<AgentStatus, StatusLabel>;

/** How to show a participant; `starting` is the fact that `restart_initiated` left on its row. */
export function agentLabel(status: AgentStatus, starting = false): StatusLabel {
  const label = AGENT_LABELS[status];
  return status === "restarting" && starting ? { ...label, label: "STARTING" } : label;
}

/** The status of a participant whose row is older than its status field. It needs no clock: an expired lease is gone. */
export function derivedStatus(row: {
  readonly hasLease: boolean;
  readonly holdsStartedTask: boolean;
}): AgentStatus {
  if (!row.hasLease) return "offline";
  return row.holdsStartedTask ? "working" : "ready";
}
