import { useQuery } from "convex/react";
import { api } from "#lib/backend.ts";
import type { RoomRow } from "#lib/backend.ts";

/** The rooms that this person may enter, newest first; undefined until the backend answered. */
export function useRooms(): readonly RoomRow[] | undefined {
  return useQuery(api.rooms.list, {})?.items;
}
