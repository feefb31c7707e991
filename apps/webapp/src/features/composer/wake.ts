import { agentLabel } from "@muster/core";
import type { AgentStatus } from "@muster/core";
import type { Seat } from "#lib/backend.ts";

/** What happens to a message for this seat, said before it is sent. */
export interface Wake {
  /** The sentence is in two parts, so that the status in the middle can be shown in its colour. */
  readonly before: string;
  readonly after: string;
  /** A person can change it now by starting the agent. */
  readonly offerStart: boolean;
  /** A command that brings a person's own tool into the seat. */
  readonly command: string | null;
}

type Remote = (seat: Seat) => Omit<Wake, "command">;

const remote = {
  ready: () => tell("Wakes", ""),
  working: () => tell("Waits until", "has finished"),
  restarting: () => tell("Waits until", "has come up"),
  offline: (seat) =>
    seat.desired === "stopped"
      ? { before: "Waits:", after: "is stopped", offerStart: true }
      : starts(seat, "Starts"),
  dead: (seat) =>
    seat.desired === "stopped"
      ? { before: "Waits:", after: "is stopped", offerStart: true }
      : starts(seat, "Waits until", "is back"),
  dead_failed_revive: (seat) => starts(seat, "Gives one fresh start to"),
} satisfies Record<AgentStatus, Remote>;

/** Whom a message to this seat wakes, or why nobody and what a person can do about it. */
export function wakeOf(seat: Seat, room: string): Wake {
  if (seat.type === null)
    return {
      before: "Waits: nobody has the role of",
      after: "",
      offerStart: false,
      command: `muster agent add --room ${room} --role ${seat.role} --harness demo`,
    };
  if (seat.type === "custom" && !["ready", "working"].includes(seat.agentStatus))
    return {
      before: "Waits for your own",
      after: "to ask for work",
      offerStart: false,
      command: `muster wait-for-task --room ${room} --role ${seat.role}`,
    };
  return { ...remote[seat.agentStatus](seat), command: null };
}

/** The word beside the role, the same as on its card. */
export function statusOf(seat: Seat) {
  return agentLabel(seat.agentStatus, seat.starting);
}

function starts(seat: Seat, before: string, after = ""): Omit<Wake, "command"> {
  if (seat.machineConnected === false)
    return tell("Waits for", `because ${seat.machineName ?? "its machine"} is not connected`);
  const where = seat.machineName === null ? "" : `on ${seat.machineName}`;
  return tell(before, [after, where].filter((part) => part !== "").join(" "));
}

function tell(before: string, after: string): Omit<Wake, "command"> {
  return { before, after, offerStart: false };
}
