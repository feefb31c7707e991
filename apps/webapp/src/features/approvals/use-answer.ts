import { useMutation } from "convex/react";
import { useRef, useState } from "react";
import { api } from "#lib/backend.ts";
import type { Approval } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";

export interface Answering {
  readonly answer: (optionId: string) => void;
  /** What this person has chosen and the backend has not refused. */
  readonly chosen: string | null;
  /** Why it did not count, in a sentence: it names who was first. */
  readonly problem: string | null;
}

/** One person's answer to a question: given once, and again only if it was refused. */
export function useAnswer(approval: Approval): Answering {
  const mutate = useMutation(api.approvals.answer);
  return useOnce((optionId) => mutate({ approvalId: approval._id, optionId }));
}

/** A second click arrives before the page has drawn the first: it must not count either. */
export function useOnce(send: (optionId: string) => Promise<unknown>): Answering {
  const sent = useRef(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const answer = (optionId: string) => {
    if (sent.current) return;
    sent.current = true;
    setChosen(optionId);
    setProblem(null);
    send(optionId).catch((error: unknown) => {
      sent.current = false;
      setChosen(null);
      setProblem(sentenceOf(error));
    });
  };
  return { answer, chosen, problem };
}
