import { useQueries } from "convex/react";
import { useMemo } from "react";
import { api } from "#lib/backend.ts";
import type { Seat, SeatEvent } from "#lib/backend.ts";
import { crashesIn } from "./crashes.ts";
import type { Crash } from "./crashes.ts";

/**
 * What crashed in a room, by role. Only the history of a seat that is dead or was taken more than once is watched: the
 * others have nothing to tell, and every turn writes to it.
 */
export function useCrashes(
  room: string,
  team: readonly Seat[],
): ReadonlyMap<Seat, readonly Crash[]> {
  const roles = team
    .filter(mayHaveCrashed)
    .map(({ role }) => role)
    .join(" ");
  const histories = useQueries(
    useMemo(() => {
      const asked = roles === "" ? [] : roles.split(" ");
      return Object.fromEntries(
        asked.map((role) => [role, { query: api.participants.events, args: { room, role } }]),
      );
    }, [room, roles]),
  ) as Readonly<Record<string, { items: readonly SeatEvent[] } | Error | undefined>>;
  return useMemo(
    () => new Map(team.map((seat) => [seat, crashesOf(histories[seat.role])])),
    [team, histories],
  );
}

const mayHaveCrashed = ({ epoch, agentStatus }: Seat): boolean =>
  epoch > 1 || agentStatus === "dead" || agentStatus === "dead_failed_revive";

const crashesOf = (
  history: { items: readonly SeatEvent[] } | Error | undefined,
): readonly Crash[] =>
  history === undefined || history instanceof Error ? [] : crashesIn(history.items);
