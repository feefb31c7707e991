import { useMutation } from "convex/react";
import { useRef, useState } from "react";
import { api } from "#lib/backend.ts";
import type { Approval } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";

export interface Answering {
  /** By the id of an option, or in words. */
  readonly answer: (given: string) => void;
  /** What this person has chosen and the backend has not refused. */
  readonly chosen: string | null;
  /** Why it did not count, in a sentence: it names who was first. */
  readonly problem: string | null;
}

/** What is asked, and how this person's answer goes. */
export interface Answerable {
  readonly approval: Approval;
  readonly answering: Answering;
  /** Why this person cannot answer now, as a sentence; null when they can. */
  readonly blocked: string | null;
}

/** One person's answer to a question: given once, and again only if it was refused. */
export function useAnswer(approval: Approval): Answering {
  const mutate = useMutation(api.approvals.answer);
  return useOnce((answer) => mutate({ approvalId: approval._id, answer }));
}

/** A second click arrives before the page has drawn the first: it must not count either. */
export function useOnce(send: (given: string) => Promise<unknown>): Answering {
  const sent = useRef(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const answer = (given: string) => {
    if (sent.current) return;
    sent.current = true;
    setChosen(given);
    setProblem(null);
    send(given).catch((error: unknown) => {
      sent.current = false;
      setChosen(null);
      setProblem(sentenceOf(error));
    });
  };
  return { answer, chosen, problem };
}
