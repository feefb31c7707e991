import { useMutation, useQuery } from "convex/react";
import { useState } from "react";
import { api } from "#lib/backend.ts";
import type { Explanation, Holdup } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";
import { useNow } from "#lib/time.ts";

/** What passes within this time held nobody up: a restart, or a task on its way to its agent. */
export const PATIENCE_MS = 4_000;

/** What holds up the roles of a room, by role; nothing is asked while nothing looks stuck. */
export function useHoldups(room: string, stuck: boolean): ReadonlyMap<string, Explanation> {
  const items = useQuery(api.rooms.explain, stuck ? { room } : "skip")?.items ?? NONE;
  return new Map(items.map((item) => [item.role, item]));
}

const NONE: readonly Explanation[] = [];

export interface Help {
  readonly label: string;
  readonly run: () => void;
  /** It was asked and not answered yet. */
  readonly busy: boolean;
  /** Why it was refused, in a sentence. */
  readonly problem: string | null;
}

const LABELS = { start: "Start", restart: "Restart", retry: "Retry the task" } as const;

/** What a person can do about a hold-up at the press of a button; null when only its command helps. */
export function useHelp(room: string, role: string, holdup: Holdup | null): Help | null {
  const start = useMutation(api.agents.start);
  const restart = useMutation(api.agents.restart);
  const retry = useMutation(api.tasks.retry);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const help = holdup?.help ?? null;
  if (help === null) return null;
  const act = {
    start: () => start({ room, role }),
    restart: () => restart({ room, role }),
    retry: () => retry({ room, taskId: help.action === "retry" ? help.taskId : "" }),
  };
  const run = () => {
    setBusy(true);
    setProblem(null);
    act[help.action]()
      .catch((error: unknown) => setProblem(sentenceOf(error)))
      .finally(() => setBusy(false));
  };
  return { label: LABELS[help.action], run, busy, problem };
}

/** The hold-up once it has lasted for a while; null before, so that nothing flickers through the page. */
export function useLasting(found: Explanation | undefined): Holdup | null {
  const now = useNow();
  const holdup = found?.holdup ?? null;
  const fresh = holdup?.since != null && now - holdup.since <= PATIENCE_MS;
  return fresh ? null : holdup;
}
