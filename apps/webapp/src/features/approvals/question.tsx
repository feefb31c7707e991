import type { Approval } from "#lib/backend.ts";
import { ApprovalCard } from "./approval-card.tsx";
import type { Blocked } from "./blocked.ts";
import { useAnswer } from "./use-answer.ts";

/** One question that this person can answer. */
export function Question({ approval, blocked }: { approval: Approval; blocked: Blocked }) {
  const answering = useAnswer(approval);
  return <ApprovalCard {...{ approval, answering }} blocked={blocked[approval.kind]} />;
}
