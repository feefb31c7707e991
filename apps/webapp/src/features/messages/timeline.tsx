import { ArrowDown, LoaderCircle } from "lucide-react";
import { Fragment } from "react";
import type { ReactNode } from "react";
import type { Message } from "#lib/backend.ts";
import { dayOf, useToday } from "#lib/time.ts";
import { Button } from "#ui/button.tsx";
import { Empty } from "#ui/empty.tsx";
import { MessageRow } from "./message-row.tsx";
import { withoutRepeats } from "./repeats.ts";
import type { Messages } from "./use-messages.ts";
import { useStickToBottom } from "./use-stick-to-bottom.ts";

/** Something that happened in the room besides messages, as a list item. */
export interface Happening {
  readonly id: string;
  readonly at: number;
  readonly row: ReactNode;
}

/** The room's messages from old to new, and between them what else happened meanwhile. */
export function Timeline({
  messages,
  room,
  happenings = NOTHING,
}: {
  messages: Messages;
  room: string;
  happenings?: readonly Happening[];
}) {
  const items = withoutRepeats(messages.items ?? []);
  const { box, content, onScroll, toBottom, unseen } = useStickToBottom(items);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        onScroll={onScroll}
        role="log"
        aria-label={`Messages in ${room}`}
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain"
      >
        <div
          ref={content}
          className="mx-auto flex min-h-full max-w-[52rem] flex-col justify-end py-4"
        >
          {messages.items === undefined && <Loading />}
          {messages.items?.length === 0 && <NothingSaid room={room} />}
          {(messages.hasEarlier || messages.loadingEarlier) && <Earlier messages={messages} />}
          <ol>
            {items.map((message, index) => (
              <Fragment key={message.seq}>
                <DayLine message={message} before={items[index - 1]} />
                <MessageRow message={message} room={room} />
                {between(happenings, message, items[index + 1]).map(({ id, row }) => (
                  <Fragment key={id}>{row}</Fragment>
                ))}
              </Fragment>
            ))}
          </ol>
        </div>
      </div>
      {unseen > 0 && (
        <Button
          look="solid"
          size="small"
          onClick={toBottom}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full! px-3! shadow-md"
        >
          <ArrowDown className="size-3.5" aria-hidden="true" />
          {unseen === 1 ? "1 new message" : `${unseen} new messages`}
        </Button>
      )}
    </div>
  );
}

const NOTHING: readonly Happening[] = [];

/** What happened after one message and before the next; what is older than all that is shown is left out. */
function between(
  happenings: readonly Happening[],
  { at: from }: Message,
  next: Message | undefined,
): readonly Happening[] {
  return happenings.filter(({ at }) => at >= from && (next === undefined || at < next.at));
}

function Loading() {
  return (
    <p className="flex items-center justify-center gap-2 py-8 text-sm text-ink-faint">
      <LoaderCircle className="size-4 animate-spin" aria-hidden="true" /> Loading messages…
    </p>
  );
}

function NothingSaid({ room }: { room: string }) {
  return (
    <div className="mx-auto max-w-md pb-6 text-center">
      <Empty title={`Nothing has been said in ${room} yet`}>
        <p>
          Write below what you want done. The role it is for wakes up, works, and hands on to the
          next; you see every step here.
        </p>
      </Empty>
    </div>
  );
}

function Earlier({ messages }: { messages: Messages }) {
  return (
    <div className="flex justify-center pb-3">
      <Button
        size="small"
        look="quiet"
        disabled={messages.loadingEarlier}
        onClick={messages.loadEarlier}
      >
        {messages.loadingEarlier ? "Loading…" : "Load earlier messages"}
      </Button>
    </div>
  );
}

function DayLine({ message, before }: { message: Message; before: Message | undefined }) {
  const today = useToday();
  const day = dayOf(message.at, today);
  if (before !== undefined && dayOf(before.at, today) === day) return null;
  return (
    <li className="flex items-center gap-3 px-5 py-2 text-2xs font-medium text-ink-faint">
      <span className="h-px flex-1 bg-line" aria-hidden="true" />
      {day}
      <span className="h-px flex-1 bg-line" aria-hidden="true" />
    </li>
  );
}
