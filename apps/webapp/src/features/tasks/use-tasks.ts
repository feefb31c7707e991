import { useMutation, useQuery } from "convex/react";
import { useState } from "react";
import { api } from "#lib/backend.ts";
import type { Task } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";

/** How many tasks the list holds; there may be more. */
export const SHOWN = 50;

/** The room's newest tasks, newest first; undefined until the backend answered. */
export function useTasks(room: string): readonly Task[] | undefined {
  return useQuery(api.tasks.list, { room, limit: SHOWN })?.items;
}

/** Gives a dead letter back to its role's queue. */
export function useRetry(room: string) {
  const retry = useMutation(api.tasks.retry);
  const [problem, setProblem] = useState<string | null>(null);
  return {
    problem,
    retry: (taskId: string) => {
      setProblem(null);
      retry({ room, taskId }).catch((error: unknown) => setProblem(sentenceOf(error)));
    },
  };
}
