import { Bell } from "lucide-react";
import { lazy, useState } from "react";
import type { Approval } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import { Modal } from "#ui/modal.tsx";
import { useInbox } from "./use-inbox.ts";

const InboxPanel = lazy(() =>
  import("./inbox-panel.tsx").then((module) => ({ default: module.InboxPanel })),
);

/** How much waits for this person, be it questions or news, and what opens their inbox. */
export function InboxBell({ questions }: { questions: readonly Approval[] }) {
  const unseen = useInbox()?.unseen ?? 0;
  return <BellView unseen={unseen} questions={questions} />;
}

export function BellView({
  unseen,
  questions,
}: {
  unseen: number;
  questions: readonly Approval[];
}) {
  const [open, setOpen] = useState(false);
  const name = nameOf(unseen, questions.length);
  const count = unseen + questions.length;
  const trigger = (
    <Button look="quiet" size="icon" aria-label={name} title={name} className="relative">
      <Bell className="size-4" />
      {count > 0 && (
        <span
          data-count={count}
          className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-red px-1 text-center text-[0.625rem] leading-4 font-semibold text-on-ink tabular-nums"
        >
          {count < 100 ? count : "99+"}
        </span>
      )}
    </Button>
  );
  return (
    <Modal title="Inbox" trigger={trigger} open={open} onOpenChange={setOpen}>
      <InboxPanel questions={questions} onDone={() => setOpen(false)} />
    </Modal>
  );
}

function nameOf(unseen: number, asked: number): string {
  const questions = asked === 1 ? "1 open question" : `${asked} open questions`;
  const parts = [...(asked > 0 ? [questions] : []), ...(unseen > 0 ? [`${unseen} new`] : [])];
  return ["Inbox", ...parts].join(", ");
}
