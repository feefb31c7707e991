import { clsx } from "clsx";
import { addressOf } from "#lib/address.ts";
import type { Delivery } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";
import { momentOf } from "#lib/time.ts";
import { Age } from "#ui/age.tsx";
import { Button } from "#ui/button.tsx";
import { isNew } from "./use-inbox.ts";
import type { InboxActions } from "./use-inbox.ts";

const STATUSES = {
  waiting: ({ notBefore, reason }) => {
    const when = notBefore === null ? "later" : momentOf(notBefore);
    return reason === null ? `held back until ${when}` : `tried again ${when}: ${reason}`;
  },
  pending: () => "not shown anywhere yet",
  claimed: () => "on its way",
  sent: () => null,
  dead: ({ reason }) => `not delivered${reason === null ? "" : `: ${reason}`}`,
} as const satisfies Record<Delivery["status"], (delivery: Delivery) => string | null>;

/** One piece of news: from whom, what, how it got here. */
export function InboxRow({
  delivery,
  actions,
  onOpen,
}: {
  delivery: Delivery;
  actions: InboxActions;
  onOpen: () => void;
}) {
  const { title, text, roomName, status, channel, at } = delivery;
  const how = STATUSES[status](delivery);
  const fresh = isNew(delivery);
  return (
    <li data-delivery={status} data-new={fresh ? "" : undefined} className="flex gap-3 px-5 py-3">
      <span
        className={clsx("mt-1.5 size-2 shrink-0 rounded-full", fresh ? "bg-blue-dot" : "bg-line")}
        aria-hidden="true"
      />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2 text-sm">
          <a
            href={addressOf(roomName)}
            onClick={onOpen}
            className={clsx("min-w-0 truncate rounded hover:underline", fresh && "font-semibold")}
          >
            {fresh && <span className="sr-only">New: </span>}
            {plain(title)}
          </a>
          {channel !== "dashboard" && <span className="text-2xs text-ink-faint">{channel}</span>}
          <Age
            since={at}
            className="ml-auto shrink-0 font-mono text-2xs text-ink-faint tabular-nums"
          />
        </p>
        <p className="mt-0.5 line-clamp-6 text-sm whitespace-pre-line wrap-anywhere text-ink-soft">
          {plain(text)}
        </p>
        {how !== null && (
          <p className={clsx("mt-1 text-xs", status === "dead" ? "text-red" : "text-ink-faint")}>
            {how}
          </p>
        )}
        {status === "dead" && (
          <Button
            size="small"
            className="mt-1.5"
            disabled={actions.busy}
            onClick={() => actions.retry(delivery)}
          >
            Try again
          </Button>
        )}
      </div>
    </li>
  );
}
