import { ago } from "./ago.ts";
import { indented } from "./indented.ts";
import type { Line } from "../invocation.ts";
import { colourOf, labelOf, runBy, type SeatView } from "./roster.ts";

/** All that is known of one role: how it is and why, who runs it, what it does, how its process ended last. */
export function seatLines(seat: SeatView, now: number): Line[] {
  const since = seat.since === null ? "" : `  ${ago(now - seat.since)}`;
  const flags = [seat.needsYou ? "needs you" : "", seat.stalled ? "stalled" : ""];
  const head = [seat.role, `${labelOf(seat)}${since}`, ...flags].filter((part) => part !== "");
  const fields: [string, string][] = [
    ["reason", seat.reason],
    ["doing", activityOf(seat, now)],
    ["task", taskOf(seat)],
    ["run by", placeOf(seat)],
    ["process", processOf(seat, now)],
    ["last exit", exitOf(seat, now)],
  ];
  return [
    { text: head.join("  "), colour: colourOf(seat) },
    ...fields.filter(([, value]) => value !== "").map(fieldLine),
    ...tailOf(seat),
  ];
}

function fieldLine([name, value]: readonly [string, string]): Line {
  return `  ${name.padEnd(9)}  ${value.replaceAll(/[\r\n]+/g, " ")}`;
}

function activityOf({ activity }: SeatView, now: number): string {
  return activity === null ? "" : `${activity.text} (${ago(now - activity.since)})`;
}

function taskOf({ currentTaskId, cancelling }: SeatView): string {
  if (currentTaskId === null) return "";
  return cancelling ? `${currentTaskId}, being called off` : currentTaskId;
}

function placeOf(seat: SeatView): string {
  const { type, harness, model, workingDir, desired } = seat;
  const who = runBy(seat).replace(/^run by /, "");
  if (type !== "remote") return who;
  const program = model === null ? harness : `${harness} (${model})`;
  const where = workingDir === null ? "" : ` in ${workingDir}`;
  return `${who}, ${program}${where}${desired === "stopped" ? ", wanted stopped" : ""}`;
}

function processOf({ pid, startedAt }: SeatView, now: number): string {
  if (pid === null) return "";
  return startedAt === null ? String(pid) : `${pid}, since ${ago(now - startedAt)}`;
}

function exitOf({ lastExit }: SeatView, now: number): string {
  if (lastExit === null) return "";
  const { code, signal, at } = lastExit;
  const how = signal ?? (code === null ? "unknown how" : `code ${code}`);
  return `${how}, ${ago(now - at)} ago`;
}

/** Its last words matter while it is down; of one that runs again they are history. */
function tailOf({ agentStatus, lastExit }: SeatView): Line[] {
  const down = agentStatus === "dead" || agentStatus === "dead_failed_revive";
  const tail = lastExit?.tail.trim() ?? "";
  return down && tail !== "" ? [{ text: indented(tail, "    | "), colour: "grey" }] : [];
}
