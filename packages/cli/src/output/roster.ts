import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import { ago } from "./ago.ts";

export type SeatView = FunctionReturnType<typeof Api.rooms.getTeamReadiness>["items"][number];

/** One line per role: who, how, since when, why. `now` in ms since the epoch. */
export function rosterLines(seats: readonly SeatView[], now: number): string[] {
  const width = Math.max(0, ...seats.map((seat) => seat.role.length));
  return seats.map((seat) => {
    const parts = [
      `  ${seat.role.padEnd(width)}  ${labelOf(seat).padEnd(10)}`,
      seat.since === null ? "" : ago(now - seat.since),
      seat.needsYou ? "needs you" : "",
      seat.stalled ? "stalled" : "",
      runBy(seat),
      seat.activity?.text ?? seat.reason,
      lastWords(seat),
    ];
    return parts.filter((part) => part !== "").join("  ");
  });
}

/** Why its process ended, as the process itself said it. */
function lastWords(seat: SeatView): string {
  if (seat.agentStatus !== "dead" && seat.agentStatus !== "dead_failed_revive") return "";
  const line = seat.lastExit?.tail.trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : `(${line})`;
}

function labelOf(seat: SeatView): string {
  if (seat.agentStatus === "dead_failed_revive") return "DEAD (UNRECOVERABLE)";
  if (seat.agentStatus === "restarting" && seat.starting) return "STARTING";
  return seat.agentStatus.toUpperCase();
}

function runBy(seat: SeatView): string {
  if (seat.type === null) return "no agent yet";
  if (seat.type === "custom") return "run by you";
  const where = seat.machineName === null ? "" : `run by ${seat.machineName}`;
  return seat.scripted ? `${where} (scripted, no model)`.trim() : where;
}
