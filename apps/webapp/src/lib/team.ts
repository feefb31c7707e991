import { useQuery } from "convex/react";
import { api } from "#lib/backend.ts";
import type { Seat } from "#lib/backend.ts";

/** The seats of a room with the status of whoever holds them; undefined until the backend answered. */
export function useTeam(room: string): readonly Seat[] | undefined {
  return useQuery(api.rooms.getTeamReadiness, { room })?.items;
}
