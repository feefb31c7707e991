import { useMutation, useQuery } from "convex/react";
import { useState } from "react";
import { api } from "#lib/backend.ts";
import type { Diff, Task } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";

/** How many tasks the list holds; there may be more. */
export const SHOWN = 50;

/** The room's newest tasks, newest first; undefined until the backend answered. */
export function useTasks(room: string): readonly Task[] | undefined {
  return useQuery(api.tasks.list, { room, limit: SHOWN })?.items;
}

/** One task; undefined until the backend answered. */
export function useTask(room: string, taskId: string): Task | undefined {
  return useQuery(api.tasks.get, { room, taskId });
}

/** What a task changed; null when nothing was recorded, undefined until the backend answered. */
export function useDiff(room: string, taskId: string): Diff | null | undefined {
  return useQuery(api.tasks.diff, { room, taskId });
}

export interface TaskActions {
  readonly retry: (taskId: string) => void;
  readonly cancel: (taskId: string) => void;
  /** Something was asked and not answered yet. */
  readonly busy: boolean;
  /** Why the last one was refused, in a sentence. */
  readonly problem: string | null;
}

/** What a person may ask of a task: give a dead letter back to its queue, or call an open one off. */
export function useTaskActions(room: string): TaskActions {
  const retry = useMutation(api.tasks.retry);
  const cancel = useMutation(api.tasks.cancel);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = (mutation: typeof retry) => (taskId: string) => {
    setBusy(true);
    setProblem(null);
    mutation({ room, taskId })
      .catch((error: unknown) => setProblem(sentenceOf(error)))
      .finally(() => setBusy(false));
  };
  return { busy, problem, retry: run(retry), cancel: run(cancel) };
}
