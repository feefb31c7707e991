import type { HoldupKind } from "@muster/core";
import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Line } from "../invocation.ts";
import { ago } from "./ago.ts";
import { headline } from "./indented.ts";
import { labelOf, runBy } from "./roster.ts";
import type { SeatView } from "./roster.ts";

export type Explanation = FunctionReturnType<typeof Api.rooms.explain>["items"][number];
export type SeatEvents = FunctionReturnType<typeof Api.participants.events>["items"];

const STEPS = [
  "room",
  "agent",
  "wanted",
  "machine",
  "process",
  "questions",
  "task",
  "queue",
] as const;
type Step = (typeof STEPS)[number];

/** Where on its walk the backend finds each hold-up. */
const STEP_OF = {
  archived: "room",
  no_agent: "agent",
  stopped: "wanted",
  no_machine: "machine",
  machine_away: "machine",
  harness_missing: "machine",
  starting: "process",
  gave_up: "process",
  process_ended: "process",
  silent: "process",
  not_started: "process",
  not_here: "process",
  question: "questions",
  cancelling: "task",
  stalled: "task",
  not_begun: "task",
  held: "queue",
  between_waits: "queue",
  not_taken: "queue",
  backoff: "queue",
  dead_letter: "queue",
} satisfies Record<HoldupKind, Step>;

const WIDTH = Math.max(...STEPS.map((step) => step.length));

/** Who reported the status that a seat has, by its history, newest first; null when that was not written down. */
export function reporterOf(seat: SeatView | undefined, events: SeatEvents): string | null {
  const last = events.find(({ accepted, from, to }) => accepted && from !== to);
  return last?.to === seat?.agentStatus ? (last?.reporter ?? null) : null;
}

/**
 * A role's walk from its agent to its queue, up to the first thing that holds its work up; where its process is told of, with who
 * reported it. `now` in ms since the epoch.
 */
export function explanationLines(
  { role, holdup, waiting, reporter }: Explanation & { readonly reporter: string | null },
  seat: SeatView | undefined,
  now: number,
): Line[] {
  const said = reporter === null ? "" : `, says ${reporter}`;
  const stop = holdup === null ? STEPS.length : STEPS.indexOf(STEP_OF[holdup.kind]);
  const passed = STEPS.slice(0, stop).map(
    (step) =>
      `  ${step.padEnd(WIDTH)}  ${found(step, seat, waiting)}${step === "process" ? said : ""}`,
  );
  if (holdup === null)
    return [{ text: `${role}  nothing holds it up`, colour: "green" }, ...passed];
  const at = STEP_OF[holdup.kind];
  const since = holdup.since === null ? "" : ` (${ago(now - holdup.since)})`;
  const what = `  ${at.padEnd(WIDTH)}  ${headline(holdup.sentence, 300)}${since}${at === "process" ? said : ""}`;
  return [
    { text: `${role}  is held up`, colour: "amber" },
    ...passed,
    { text: what, colour: "amber" },
    `  ${"".padEnd(WIDTH)}  ${holdup.command}`,
  ];
}

/** What was found where nothing is wrong. */
function found(step: Step, seat: SeatView | undefined, waiting: number): string {
  switch (step) {
    case "room":
      return "is open";
    case "agent":
      return seat === undefined ? "there is one" : [seat.harness, runBy(seat)].join(", ");
    case "wanted":
      return "running";
    case "machine":
      return seat?.machineName == null ? "none is needed" : `${seat.machineName} is connected`;
    case "process":
      return seat === undefined ? "lives" : labelOf(seat);
    case "questions":
      return "none is open";
    case "task":
      return seat?.currentTaskId == null ? "none" : (seat.activity?.text ?? seat.currentTaskId);
    default:
      return waiting === 0 ? "nothing waits" : `${waiting} ${waiting === 1 ? "waits" : "wait"}`;
  }
}
