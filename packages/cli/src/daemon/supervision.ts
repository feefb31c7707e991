import { restartBudget } from "@muster/core/restart-budget";
import type { AskedBy, Start, StartCause, Timing } from "@muster/core";

/** All that a supervisor knows at one moment. Times are milliseconds since the epoch. */
export interface View {
  /** People want this agent running on this machine, and the machine is not draining. */
  readonly wanted: boolean;
  /** The machine drains, or the agent is no longer its business: the loop ends once nothing runs. */
  readonly closing: boolean;
  readonly process: ProcessView | null;
  /** The role is empty on purpose and the room does not show it so yet. */
  readonly mustLeave: boolean;
  /** Another process took the seat: it is not fought over, somebody has to ask for a start. */
  readonly displaced: boolean;
  /** Nothing is started before this moment: a report or a start was refused. */
  readonly heldUntil: number;
  readonly asked: AskedBy;
  readonly history: readonly Start[];
  /** Drawn once per end of a process. */
  readonly random: number;
  /** The room has been told that the restarts are used up. */
  readonly gaveUp: boolean;
}

interface ProcessView {
  readonly spawnedAt: number;
  readonly joined: boolean;
  readonly exited: boolean;
  /** Until when it may show that it lives; null while nobody doubts it. */
  readonly doubtedUntil: number | null;
}

/** What a supervisor does next to make what runs equal to what is desired. */
export type Step =
  /** Report the exit, end what the process left behind, and count it. */
  | { readonly do: "bury" }
  /** End the living process, since nobody wants it any more. */
  | { readonly do: "end" }
  /** End the living process, since it never joined or hangs. */
  | { readonly do: "abandon" }
  | { readonly do: "start"; readonly cause: StartCause }
  /** Tell the room that the restarts are used up. */
  | { readonly do: "give_up"; readonly starts: number }
  /** Tell the room that the role is empty on purpose. */
  | { readonly do: "leave" }
  | { readonly do: "finish" }
  /** Nothing to do before `until`, or before something happens. */
  | { readonly do: "rest"; readonly until: number | null };

const REST: Step = { do: "rest", until: null };

/** Decides by looking at everything each time: no news can be missed, and none is acted on twice. */
export function nextStep(view: View, now: number, timing: Timing): Step {
  if (view.process !== null) return besideProcess(view, view.process, now, timing);
  if (!view.wanted && view.mustLeave) return { do: "leave" };
  if (view.closing) return { do: "finish" };
  if (!view.wanted) return REST;
  if (view.displaced && view.asked === "nobody") return REST;
  return heldOr(view, now, startOrWait(view, now, timing));
}

function besideProcess(view: View, process: ProcessView, now: number, timing: Timing): Step {
  if (process.exited) return { do: "bury" };
  if (!view.wanted) return { do: "end" };
  if (process.joined && process.doubtedUntil === null) return REST;
  const deadline = process.doubtedUntil ?? process.spawnedAt + timing.STARTUP_DEADLINE_MS;
  return now < deadline ? { do: "rest", until: deadline } : { do: "abandon" };
}

function heldOr(view: View, now: number, step: Step): Step {
  return now < view.heldUntil ? { do: "rest", until: view.heldUntil } : step;
}

function startOrWait(view: View, now: number, timing: Timing): Step {
  const budget = restartBudget(view.history, view.asked, now, view.random, timing);
  if (budget.verdict === "allowed") return { do: "start", cause: budget.cause };
  if (budget.verdict === "wait") return { do: "rest", until: now + budget.ms };
  if (!view.gaveUp) return { do: "give_up", starts: budget.starts };
  return { do: "rest", until: budget.trialInMs === null ? null : now + budget.trialInMs };
}
