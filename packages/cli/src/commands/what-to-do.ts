import type { SeatView } from "../output/roster.ts";
import { quoted, seatFlags } from "../session.ts";

/** What a person would run now because of how these agents are. */
export function whatToDo(room: string, seats: readonly SeatView[]): string[] {
  const asked = seats.some(({ needsYou }) => needsYou);
  const givenUp = seats.filter(({ agentStatus }) => agentStatus === "dead_failed_revive");
  return [
    ...(asked ? [`muster approvals --room ${quoted(room)}`] : []),
    ...givenUp.map(({ role }) => `muster agent start${seatFlags({ room, role })}`),
  ];
}
