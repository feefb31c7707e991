import { agentLabel } from "@muster/core";
import type { Seat } from "#lib/backend.ts";
import { StatusDot } from "#ui/status.tsx";

/** A team at a glance: one sign per seat, in the order of the team. */
export function TeamDotsView({ team }: { team: readonly Seat[] }) {
  const said = team.map((seat) => `${seat.role} ${labelOf(seat).toLowerCase()}`).join(", ");
  return (
    <span className="flex items-center gap-1" title={said}>
      <span className="sr-only">{said}</span>
      {team.map((seat) => (
        <StatusDot key={seat.role} look={agentLabel(seat.agentStatus, seat.starting)} />
      ))}
    </span>
  );
}

const labelOf = (seat: Seat): string => agentLabel(seat.agentStatus, seat.starting).label;
