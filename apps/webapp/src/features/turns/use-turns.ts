import { useQuery } from "convex/react";
import { useMemo } from "react";
import { api } from "#lib/backend.ts";
import type { Turn } from "#lib/backend.ts";
import { storyOf } from "./story.ts";
import type { Story } from "./story.ts";

/** The turns of a task, oldest first; undefined until the backend answered. */
export function useTurnsOf(room: string, taskId: string): readonly Turn[] | undefined {
  return useQuery(api.turns.ofTask, { room, taskId })?.items;
}

/** The role's running or last turn; null when it never had one. */
export function useLatestTurn(room: string, role: string): Turn | null | undefined {
  return useQuery(api.turns.latest, { room, role });
}

/** What the last `limit` events of a turn tell, live; undefined until the backend answered. */
export function useStory(room: string, turnId: string, limit: number): Story | undefined {
  const items = useQuery(api.turns.events, { room, turnId, limit })?.items;
  return useMemo(() => (items === undefined ? undefined : storyOf(items)), [items]);
}
