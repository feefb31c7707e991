import { Hand } from "lucide-react";
import type { Seat } from "#lib/backend.ts";
import { useTeam } from "#lib/team.ts";
import { TeamDotsView } from "./team-dots.tsx";

/** What the list says of a room: whether somebody there needs a person, and its team at a glance. */
export function RoomSigns({ room }: { room: string }) {
  const team = useTeam(room);
  if (team === undefined) return null;
  return (
    <>
      <NeedsYou team={team} />
      <TeamDotsView team={team} />
    </>
  );
}

export function NeedsYou({ team }: { team: readonly Seat[] }) {
  const needing = team.filter((seat) => seat.needsYou);
  if (needing.length === 0) return null;
  const roles = needing.map(({ role }) => role).join(", ");
  return (
    <span
      data-needs-you=""
      title={`${roles} needs you`}
      className="inline-flex items-center gap-1 rounded bg-amber-wash px-1 py-0.5 text-2xs font-semibold text-amber"
    >
      <Hand className="size-3" aria-hidden="true" />
      <span className="sr-only">{roles} needs you</span>
    </span>
  );
}
