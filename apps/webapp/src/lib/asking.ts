import { useState } from "react";
import { sentenceOf } from "#lib/refusal.ts";

export interface Asking {
  /** Something was asked and not answered yet. */
  readonly busy: boolean;
  /** Why the last thing asked was refused, in a sentence. */
  readonly problem: string | null;
  /** Asks, and answers with what came back, or undefined when it was refused. */
  readonly ask: <Answer>(what: () => Promise<Answer>) => Promise<Answer | undefined>;
}

/** One thing at a time that a person asks of the backend, with its refusal. */
export function useAsking(): Asking {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const ask: Asking["ask"] = async (what) => {
    setBusy(true);
    setProblem(null);
    try {
      return await what();
    } catch (error) {
      setProblem(sentenceOf(error));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, ask };
}
