import { useMutation } from "convex/react";
import { useState } from "react";
import { api } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";

type AgentAction = "start" | "stop" | "restart" | "kill";

export interface AgentActions {
  readonly run: (action: AgentAction) => void;
  /** The action that the backend has not answered yet. */
  readonly busy: AgentAction | null;
  /** Why the last one was refused, in a sentence. */
  readonly problem: string | null;
}

/** What a person may ask of an agent. The card changes when the backend says so, not before. */
export function useAgentActions(room: string, role: string): AgentActions {
  const mutations = {
    start: useMutation(api.agents.start),
    stop: useMutation(api.agents.stop),
    restart: useMutation(api.agents.restart),
    kill: useMutation(api.agents.kill),
  } satisfies Record<AgentAction, unknown>;
  const [busy, setBusy] = useState<AgentAction | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const run = (action: AgentAction) => {
    setBusy(action);
    setProblem(null);
    mutations[action]({ room, role })
      .catch((error: unknown) => setProblem(sentenceOf(error)))
      .finally(() => setBusy(null));
  };
  return { run, busy, problem };
}
