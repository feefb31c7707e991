import type { ReactNode } from "react";
import type { Explanation, Room, Seat } from "#lib/backend.ts";
import { HoldupNote } from "./holdup-note.tsx";
import { useHelp, useLasting } from "./use-holdups.ts";

/** Whether a seat may be held up at all, as far as its status tells: only then it is worth to ask why. */
export function looksStuck({ type, agentStatus, stalled }: Seat): boolean {
  return type === null || stalled || !["ready", "working"].includes(agentStatus);
}

/** What holds up an agent, among its other facts; `none` stands there while nothing does for long. */
export function SeatHoldup({
  seat,
  room,
  found,
  connected,
  none = null,
}: {
  seat: Seat;
  room: Room;
  found: Explanation | undefined;
  connected: boolean;
  none?: ReactNode;
}) {
  const holdup = useLasting(found);
  const help = useHelp(room.name, seat.role, holdup);
  if (holdup === null) return none;
  const manages = room.rights.includes("manage");
  const { type, desired, agentStatus } = seat;
  const hasStart = desired === "stopped" || agentStatus === "dead_failed_revive";
  return (
    <HoldupNote
      role={seat.role}
      holdup={holdup}
      help={manages ? help : null}
      connected={connected}
      quiet={holdup.kind === "question" || (manages && type === "remote" && hasStart)}
    />
  );
}
