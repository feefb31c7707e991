import type { Seat } from "#lib/backend.ts";

/** Who runs the agent and with what, in one line. */
export function originOf(seat: Seat): string {
  if (seat.type === null) return "no agent yet";
  const parts = [runBy(seat), seat.harness ?? "no harness"];
  if (seat.scripted) parts.push("scripted, no model");
  else if (seat.model !== null) parts.push(seat.model);
  if (seat.parkedUntil !== null)
    parts.push(seat.agentStatus === "working" ? "working, unsupervised" : "between two waits");
  return parts.join(" · ");
}

function runBy(seat: Seat): string {
  if (seat.type === "custom") return "run by you";
  const machine = seat.machineName ?? "no machine";
  return seat.machineConnected === false
    ? `run by ${machine}, which is not connected`
    : `run by ${machine}`;
}
