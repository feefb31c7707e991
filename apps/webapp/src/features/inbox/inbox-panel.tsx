import type { ReactNode } from "react";
import type { Approval } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import { Disclosure } from "#ui/disclosure.tsx";
import { Empty } from "#ui/empty.tsx";
import { AskedRow } from "./asked-row.tsx";
import { InboxRow } from "./inbox-row.tsx";
import { InboxSettingsForm } from "./inbox-settings.tsx";
import { isNew, useInbox, useInboxActions, useInboxSettings } from "./use-inbox.ts";
import type { Inbox, InboxActions } from "./use-inbox.ts";

/** The inbox of whoever is signed in. */
export function InboxPanel({
  questions,
  onDone,
}: {
  questions: readonly Approval[];
  onDone: () => void;
}) {
  const inbox = useInbox();
  const actions = useInboxActions();
  const settling = useInboxSettings();
  if (inbox === undefined) return <p className="p-5 text-sm text-ink-faint">Loading…</p>;
  return (
    <InboxView
      inbox={inbox}
      questions={questions}
      actions={actions}
      onDone={onDone}
      settings={<InboxSettingsForm {...settling} />}
    />
  );
}

/** Who waits for a person, what was sent to them, newest first, and how they want to be reached. */
export function InboxView({
  inbox,
  questions,
  actions,
  settings,
  onDone,
}: {
  inbox: Inbox;
  /** Open ones, of all rooms. */
  questions: readonly Approval[];
  actions: InboxActions;
  settings: ReactNode;
  onDone: () => void;
}) {
  const { items } = inbox;
  const fresh = items.filter(isNew);
  return (
    <div>
      <div className="flex items-start gap-3 border-b border-line px-5 py-3">
        <div className="min-w-0 flex-1">
          <Disclosure label="Quiet hours and notifications">{settings}</Disclosure>
        </div>
        {fresh.length > 0 && (
          <Button size="small" disabled={actions.busy} onClick={() => actions.seen(fresh)}>
            I have seen all
          </Button>
        )}
      </div>
      {actions.problem !== null && (
        <p role="alert" className="px-5 py-2 text-xs text-red">
          {actions.problem}
        </p>
      )}
      {questions.length > 0 && (
        <ul className="divide-y divide-line border-b border-line" aria-label="Who waits for you">
          {questions.map((approval) => (
            <AskedRow key={approval._id} approval={approval} onOpen={onDone} />
          ))}
        </ul>
      )}
      {items.length === 0 ? (
        <div className="px-1">
          <Empty title="Nothing has been sent to you">
            <p>News of agents that act on a schedule comes here when its schedule names you.</p>
          </Empty>
        </div>
      ) : (
        <ul className="divide-y divide-line" aria-label="What was sent to you">
          {items.map((delivery) => (
            <InboxRow
              key={delivery._id}
              delivery={delivery}
              actions={actions}
              onOpen={() => {
                if (isNew(delivery)) actions.seen([delivery]);
                onDone();
              }}
            />
          ))}
        </ul>
      )}
    </div>
  );
}
