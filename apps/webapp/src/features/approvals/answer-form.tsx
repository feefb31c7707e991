import { TEXT_LIMITS, utf8Length } from "@muster/core";
import { CornerDownLeft, LoaderCircle } from "lucide-react";
import { useState } from "react";
import type { FormEvent, KeyboardEvent } from "react";
import { keepDraft, readDraft } from "#lib/draft.ts";
import { plainLine } from "#lib/plain.ts";
import { Button } from "#ui/button.tsx";
import type { Answerable } from "./use-answer.ts";

/** How a question is answered: by one of its choices, or in words where it has none. */
export function AnswerForm(props: Answerable) {
  return props.approval.choices.length > 0 ? <Choices {...props} /> : <Words {...props} />;
}

function Choices({ approval, answering, blocked }: Answerable) {
  const waits = answering.chosen !== null;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      {approval.choices.map((choice) => (
        <Button
          key={choice}
          size="fitting"
          disabled={waits || blocked !== null}
          onClick={() => answering.answer(choice)}
          data-choice={choice}
          className="max-w-full"
        >
          {answering.chosen === choice && <Spinner />}
          <span className="text-left wrap-anywhere whitespace-normal">{plainLine(choice)}</span>
        </Button>
      ))}
      <Standing waits={waits} blocked={blocked} />
    </div>
  );
}

function Words({ approval, answering, blocked }: Answerable) {
  const [text, setText] = useState(() => readDraft(approval._id));
  const waits = answering.chosen !== null;
  const over = utf8Length(text.trim()) - TEXT_LIMITS.answer;
  const stopped = blocked ?? (over > 0 ? `Too long by ${over} bytes.` : null);
  const write = (next: string) => {
    setText(next);
    keepDraft(approval._id, next);
  };
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (!waits && stopped === null && text.trim() !== "") answering.answer(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    if (plainEnter && !event.nativeEvent.isComposing) submit(event);
  };
  return (
    <form onSubmit={submit} className="mt-3 flex flex-wrap items-end gap-2">
      <textarea
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        rows={1}
        disabled={waits || blocked !== null}
        aria-label={`Answer to ${approval.role}`}
        placeholder={`Answer ${approval.role}`}
        className="field-sizing-content block max-h-40 min-h-8 min-w-48 flex-1 resize-none rounded-md border border-control-line bg-raised px-2.5 py-1 placeholder:text-ink-faint disabled:text-ink-faint"
      />
      <Button type="submit" look="solid" disabled={waits || stopped !== null || text.trim() === ""}>
        {waits ? <Spinner /> : <CornerDownLeft className="size-3.5" aria-hidden="true" />}
        Answer
      </Button>
      <Standing waits={waits} blocked={stopped} />
    </form>
  );
}

function Spinner() {
  return <LoaderCircle className="size-3.5 shrink-0 animate-spin" aria-hidden="true" />;
}

function Standing({ waits, blocked }: { waits: boolean; blocked: string | null }) {
  return (
    <p className="text-xs text-ink-faint empty:hidden" role="status">
      {waits ? "Answering…" : blocked}
    </p>
  );
}
