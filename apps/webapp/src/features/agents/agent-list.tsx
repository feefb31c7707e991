import type { ReactNode } from "react";
import type { Room, Seat } from "#lib/backend.ts";
import { Command } from "#ui/command.tsx";
import { Empty } from "#ui/empty.tsx";
import { AgentCard } from "./agent-card.tsx";
import { useAgentActions } from "./use-agent-actions.ts";

/** The room's agents with what each one does, why it is as it is, and what a person can do about it. */
export function AgentList({
  room,
  team,
  connected,
  explained,
}: {
  room: Room;
  team: readonly Seat[] | undefined;
  connected: boolean;
  /** Makes what a card says of a seat in the place of its reason. */
  explained: (seat: Seat, reason: ReactNode) => ReactNode;
}) {
  if (team === undefined) return <p className="px-4 py-3 text-sm text-ink-faint">Loading…</p>;
  if (team.length === 0) return <NoAgents room={room.name} />;
  return (
    <ul className="divide-y divide-line">
      {team.map((seat) => (
        <SeatOf key={seat.role} {...{ room, seat, connected, explained }} />
      ))}
    </ul>
  );
}

interface SeatOfProps {
  room: Room;
  seat: Seat;
  connected: boolean;
  explained: (seat: Seat, reason: ReactNode) => ReactNode;
}

function SeatOf({ room, seat, connected, explained }: SeatOfProps) {
  const actions = useAgentActions(room.name, seat.role);
  return (
    <AgentCard
      seat={seat}
      room={room.name}
      entry={seat.role === room.entryRole}
      actions={room.rights.includes("manage") ? actions : null}
      connected={connected}
      explained={(reason) => explained(seat, reason)}
    />
  );
}

function NoAgents({ room }: { room: string }) {
  return (
    <Empty title="Nobody sits here yet">
      <p>Give a role an agent; this one is scripted and needs no model:</p>
      <Command>{`muster agent add --room ${room} --role planner --harness demo`}</Command>
    </Empty>
  );
}
