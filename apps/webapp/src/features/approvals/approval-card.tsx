import { Check, Hand, LoaderCircle, MessageCircleQuestionMark, X } from "lucide-react";
import { Suspense, lazy, useId } from "react";
import type { Approval } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Button } from "#ui/button.tsx";
import { Excerpt } from "#ui/excerpt.tsx";
import { Countdown } from "./countdown.tsx";
import { inOrder, isAllowed, outcomeOf } from "./outcome.ts";
import type { Answerable } from "./use-answer.ts";

// Most rooms are opened without a question that waits.
const AnswerForm = lazy(() =>
  import("./answer-form.tsx").then((module) => ({ default: module.AnswerForm })),
);

/** What an agent asks: what it wants to do or to know, what a person may answer, and until when. */
export function ApprovalCard({ approval, answering, blocked }: Answerable) {
  const title = useId();
  const Sign = approval.kind === "question" ? MessageCircleQuestionMark : Hand;
  const Answers = approval.kind === "question" ? AnswerForm : Options;
  const open = approval.status === "open";
  return (
    <article
      aria-labelledby={title}
      data-approval={approval._id}
      data-approval-status={approval.status}
      className="rounded-lg border border-amber-dot bg-raised px-3.5 py-3 data-[approval-status=answered]:border-line data-[approval-status=denied]:border-line data-[approval-status=expired]:border-line data-[approval-status=void]:border-line"
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-ink-soft">
        <span className="inline-flex items-center gap-1.5 font-semibold in-data-[approval-status=open]:text-amber">
          <Sign className="size-3.5" aria-hidden="true" />
          {approval.role} {open ? "asks" : "asked"}
        </span>
        {open && approval.deadline !== null && (
          <span className="ml-auto">
            <Countdown kind={approval.kind} deadline={approval.deadline} />
          </span>
        )}
      </header>
      <h2 id={title} className="mt-1 line-clamp-3 font-semibold wrap-anywhere">
        {plainLine(approval.title)}
      </h2>
      {open && approval.detail.trim() !== "" && (
        <div className="mt-2">
          <Excerpt
            text={approval.detail}
            label="What it is about"
            words={approval.kind === "question"}
          />
        </div>
      )}
      {open ? (
        <Suspense fallback={<div className="mt-3 min-h-8" />}>
          <Answers approval={approval} answering={answering} blocked={blocked} />
        </Suspense>
      ) : (
        <Outcome approval={approval} />
      )}
      {answering.problem !== null && (
        <p role="alert" className="mt-2 text-sm text-red">
          Your answer did not count. {answering.problem}
        </p>
      )}
    </article>
  );
}

function Options({ approval, answering, blocked }: Answerable) {
  const waits = answering.chosen !== null;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      {inOrder(approval.options).map((option) => (
        <Button
          key={option.optionId}
          look={option.kind === "allow_once" ? "solid" : "outline"}
          disabled={waits || blocked !== null}
          onClick={() => answering.answer(option.optionId)}
          data-option={option.kind}
          className="max-w-full"
        >
          <OptionSign chosen={answering.chosen === option.optionId} kind={option.kind} />
          <span className="truncate">{plainLine(option.name)}</span>
        </Button>
      ))}
      <p className="text-xs text-ink-faint" role="status">
        {waits ? "Answering…" : blocked}
      </p>
    </div>
  );
}

function OptionSign({ chosen, kind }: { chosen: boolean; kind: string }) {
  const Sign = chosen ? LoaderCircle : kind.startsWith("allow") ? Check : X;
  const className = chosen ? "size-3.5 shrink-0 animate-spin" : "size-3.5 shrink-0";
  return <Sign className={className} aria-hidden="true" />;
}

function Outcome({ approval }: { approval: Approval }) {
  const Sign = isAllowed(approval) ? Check : X;
  return (
    <p className="mt-2 flex items-center gap-1.5 text-sm text-ink-soft">
      <Sign className="size-3.5 shrink-0" aria-hidden="true" />
      {outcomeOf(approval)}
    </p>
  );
}
