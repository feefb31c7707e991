import type { AgentEvent } from "./lifecycle.ts";

/** Why an agent has its new status: the short text beside the label. Call it for accepted events only. */
// The switch is exhaustive, so that a new event does not compile without its reason.
// oxlint-disable-next-line typescript/consistent-return
export function agentReason(event: AgentEvent): string {
  switch (event.type) {
    case "join":
      return "joined";
    case "task_started":
      return "began its task";
    case "task_released":
      return "its task is over";
    case "heartbeat_expired":
      return "not heard from within its lease";
    case "gap_expired":
      return "stopped asking for work";
    case "process_exited":
      return exitReason(event);
    case "restart_initiated":
      return event.askedByPerson ? "a person asked for a start" : "started again by its machine";
    case "restart_expired":
      return "did not come up in time";
    case "restart_exhausted":
      return `gave up after ${event.starts} ${event.starts === 1 ? "start" : "starts"}`;
    case "leave":
      return event.stopped ? "stopped on purpose" : "left";
    case "cleanup":
      return "was dead for long";
  }
}

function exitReason(exit: {
  readonly code: number | null;
  readonly signal: string | null;
}): string {
  if (exit.signal !== null) return `its process was ended by ${exit.signal}`;
  if (exit.code !== null) return `its process ended with code ${exit.code}`;
  return "its process ended";
}
