import type { Approval } from "#lib/backend.ts";
import { ApprovalCard } from "./approval-card.tsx";
import { useAnswer } from "./use-answer.ts";

/** One question that this person can answer. */
export function Question({ approval, blocked }: { approval: Approval; blocked: string | null }) {
  const answering = useAnswer(approval);
  return <ApprovalCard approval={approval} answering={answering} blocked={blocked} />;
}
