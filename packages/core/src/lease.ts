import type { AgentEventType } from "./agent/lifecycle.ts";
import type { Timing } from "./timing.ts";

/**
 * How a participant is kept alive, which decides how long its lease runs:
 * `attended` – a process of ours beats for it · `parked` – custom, between two waits, nobody beats ·
 * `unattended` – custom, holds a task, heard only through its own commands · `starting` – its machine
 * is starting it.
 */
export const LEASE_PHASES = ["attended", "parked", "unattended", "starting"] as const;
export type LeasePhase = (typeof LEASE_PHASES)[number];

/** A claim that ends by itself at `readyUntil` (milliseconds since the epoch, server time). */
export type Lease = { readonly phase: LeasePhase; readonly readyUntil: number };

/** How long a lease of this phase runs from its last renewal, in milliseconds. */
export function leaseLength(phase: LeasePhase, timing: Timing): number {
  return {
    attended: timing.HEARTBEAT_TTL_MS,
    parked: timing.READY_GAP_MS,
    unattended: timing.UNATTENDED_WORK_MS,
    starting: timing.RESTART_DEADLINE_MS,
  }[phase];
}

/** The event that the agent's lifecycle gets when a lease of this phase runs out. */
export function expiryEvent(phase: LeasePhase): AgentEventType & `${string}_expired` {
  if (phase === "parked") return "gap_expired";
  return phase === "starting" ? "restart_expired" : "heartbeat_expired";
}

/** Begins a lease. Entering a phase replaces the lease before, also by an earlier end. */
export function grantLease(phase: LeasePhase, now: number, timing: Timing): Lease {
  return { phase, readyUntil: now + leaseLength(phase, timing) };
}

/** Renews a lease within its phase. A renewal that arrives late or twice never moves the end back. */
export function extendLease(lease: Lease, now: number, timing: Timing): Lease {
  const readyUntil = Math.max(lease.readyUntil, now + leaseLength(lease.phase, timing));
  return { ...lease, readyUntil };
}

/** Whether the lease is over. It still holds before `readyUntil` and not at it. */
export function isExpired(lease: { readonly readyUntil: number }, now: number): boolean {
  return lease.readyUntil <= now;
}
