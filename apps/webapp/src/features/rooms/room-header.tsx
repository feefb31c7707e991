import type { ReactNode } from "react";
import type { Room, Seat } from "#lib/backend.ts";
import { ArchiveRoom } from "./archive-room.tsx";
import { ArchivedLine } from "./archived-line.tsx";
import { TeamDotsView } from "./team-dots.tsx";

/** The room's name, how much of its team is there, and that it is archived when it is. */
export function RoomHeader({
  room,
  team,
  nav,
  schedules,
}: {
  room: Room;
  team: readonly Seat[] | undefined;
  nav: ReactNode;
  /** What leads to them. */
  schedules: ReactNode;
}) {
  return (
    <>
      <header className="flex h-13 shrink-0 items-center gap-3 border-b border-line px-3 wide:px-5">
        {nav}
        <h1 className="truncate text-[0.9375rem] font-semibold tracking-[-0.01em]">{room.name}</h1>
        {team !== undefined && (
          <div className="flex items-center gap-2 text-xs text-ink-soft">
            <TeamDotsView team={team} />
            <span className="in-data-stale:hidden">{readiness(team)}</span>
          </div>
        )}
        {schedules}
        <ArchiveRoom room={room} />
      </header>
      <ArchivedLine room={room} />
    </>
  );
}

/** In a few words: the worst news first. */
export function readiness(team: readonly Seat[]): string {
  const dead = team.filter((seat) => seat.agentStatus.startsWith("dead"));
  if (dead.length > 0) return `${dead.map((seat) => seat.role).join(", ")} dead`;
  const there = team.filter((seat) => ["ready", "working"].includes(seat.agentStatus));
  const all = there.length === team.length ? "everyone is here" : "";
  return all !== "" && team.length > 0 ? all : `${there.length} of ${team.length} here`;
}
