import { useCallback, useEffect, useState } from "react";
import type { Approval } from "#lib/backend.ts";
import { keepDraft } from "#lib/draft.ts";
import { ApprovalCard } from "./approval-card.tsx";
import type { Blocked } from "./blocked.ts";
import { isOpen } from "./use-approvals.ts";
import { useAnswer } from "./use-answer.ts";

/** How long a question that is closed stays to be read, before it is only a line among the messages. */
const LINGERS_MS = 6_000;
/** Whoever was late has to read why. */
const LINGERS_AFTER_REFUSAL_MS = 30_000;

/**
 * The room's open questions, always in sight between messages and composer: the one whose deadline comes first
 * on top. What was open here stays for a moment when it is closed, so that people see who answered.
 */
export function QuestionDock({
  approvals,
  blocked,
}: {
  approvals: readonly Approval[];
  blocked: Blocked;
}) {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const fresh = approvals.filter((one) => isOpen(one) && !seen.includes(one._id));
  if (fresh.length > 0) setSeen([...seen, ...fresh.map(({ _id }) => _id)]);
  const shown = approvals
    .filter((one) => isOpen(one) || seen.includes(one._id))
    .toSorted((a, b) => a.askedAt - b.askedAt);
  const forget = useCallback(
    (id: string) => setSeen((ids) => ids.filter((known) => known !== id)),
    [],
  );
  const open = shown.filter(isOpen).length;
  return (
    <section aria-label="Questions for you">
      <p role="status" className="sr-only">
        {open === 0 ? "" : said(shown.filter(isOpen))}
      </p>
      {shown.length > 0 && (
        <ul className="mx-auto max-h-[45dvh] w-full max-w-[52rem] space-y-2 overflow-y-auto px-3 pb-3 sm:px-5">
          {shown.map((approval) => (
            <Docked key={approval._id} approval={approval} blocked={blocked} onDone={forget} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Docked({
  approval,
  blocked,
  onDone,
}: {
  approval: Approval;
  blocked: Blocked;
  onDone: (id: string) => void;
}) {
  const answering = useAnswer(approval);
  const over = !isOpen(approval);
  const lingers = answering.problem === null ? LINGERS_MS : LINGERS_AFTER_REFUSAL_MS;
  useEffect(() => {
    if (!over) return undefined;
    keepDraft(approval._id, "");
    const timer = setTimeout(() => onDone(approval._id), lingers);
    return () => clearTimeout(timer);
  }, [over, approval._id, lingers, onDone]);
  return (
    <li>
      <ApprovalCard {...{ approval, answering }} blocked={blocked[approval.kind]} />
    </li>
  );
}

function said(open: readonly Approval[]): string {
  const roles = [...new Set(open.map(({ role }) => role))].join(" and ");
  const [first] = open;
  return open.length === 1
    ? `${roles} asks ${first?.kind === "question" ? "you a question" : "for your permission"}`
    : `${open.length} questions wait for you from ${roles}`;
}
