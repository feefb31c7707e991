import { agentLabel } from "@muster/core/agent/labels";
import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Colour, Line } from "../invocation.ts";
import { ago } from "./ago.ts";
import { headline } from "./indented.ts";

/** Whoever is there takes its task well within it. */
const A_MOMENT_MS = 10_000;

export type SeatView = FunctionReturnType<typeof Api.rooms.getTeamReadiness>["items"][number];
/** The room's task that is offered longest and that nobody has taken. */
export type Oldest = FunctionReturnType<typeof Api.tasks.oldestUndelivered>;

/** One line per role: who, how, since when, whether a person is needed, why. `now` in ms since the epoch. */
export function rosterLines(seats: readonly SeatView[], now: number): Line[] {
  const width = Math.max(0, ...seats.map((seat) => seat.role.length));
  return seats.map((seat) => {
    const parts = [
      `  ${seat.role.padEnd(width)}  ${labelOf(seat).padEnd(10)}`,
      seat.since === null ? "" : ago(now - seat.since),
      seat.needsYou ? "needs you" : "",
      seat.stalled ? "stalled" : "",
      runBy(seat),
      doing(seat, now),
      lastWords(seat),
    ];
    return { text: parts.filter((part) => part !== "").join("  "), colour: colourOf(seat) };
  });
}

/** How long the oldest task waits to be taken, once that is longer than a moment. `now` in ms since the epoch. */
export function oldestLine(oldest: Oldest, now: number): Line[] {
  if (oldest === null || now - oldest.since < A_MOMENT_MS) return [];
  const text = `  a task of ${oldest.role} has not been taken for ${ago(now - oldest.since)}`;
  return [{ text, colour: "amber" }];
}

/** What it does right now and since when, or why it does nothing. */
function doing({ activity, reason }: SeatView, now: number): string {
  return activity === null ? reason : `${activity.text} (${ago(now - activity.since)})`;
}

/** Why its process ended, as the process itself said it. */
function lastWords(seat: SeatView): string {
  if (seat.agentStatus !== "dead" && seat.agentStatus !== "dead_failed_revive") return "";
  const line = seat.lastExit?.tail.trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : `(${headline(line, 200)})`;
}

export function labelOf({ agentStatus, starting }: SeatView): string {
  return agentLabel(agentStatus, starting).label;
}

export function colourOf({ agentStatus, starting }: SeatView): Colour {
  return agentLabel(agentStatus, starting).colour;
}

export function runBy(seat: SeatView): string {
  if (seat.type === null) return "no agent yet";
  if (seat.type === "custom") return "run by you";
  const where = seat.machineName === null ? "" : `run by ${seat.machineName}`;
  return seat.scripted ? `${where} (scripted, no model)`.trim() : where;
}
