import { BellRing, X } from "lucide-react";
import { useState } from "react";
import { addressOf } from "#lib/address.ts";
import type { Delivery } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";
import { usePassing } from "./use-passing.ts";

const MOST = 3;

/**
 * News at the corner of the page, told to readers too. It goes when the person has seen it, or by itself after a
 * while in sight: from then on it is news in the inbox, and covers nothing.
 */
export function Toasts({
  shown,
  onSeen,
  onPassed,
}: {
  shown: readonly Delivery[];
  onSeen: (deliveries: readonly Delivery[]) => void;
  /** Always the same function: its news stood long enough. */
  onPassed: (delivery: Delivery["_id"]) => void;
}) {
  const more = shown.length - MOST;
  return (
    <section
      aria-label="News"
      role="status"
      className="pointer-events-none fixed top-15 right-3 z-35 wide:top-auto wide:bottom-3 w-[min(22rem,calc(100vw-1.5rem))] space-y-2"
    >
      {shown.slice(0, MOST).map((delivery) => (
        <Toast
          key={delivery._id}
          delivery={delivery}
          onSeen={() => onSeen([delivery])}
          onPassed={onPassed}
        />
      ))}
      {more > 0 && (
        <p className="rounded-md border border-line bg-raised px-3 py-1.5 text-xs text-ink-soft shadow-lg">
          and {more} more in your inbox
        </p>
      )}
    </section>
  );
}

function Toast({
  delivery,
  onSeen,
  onPassed,
}: {
  delivery: Delivery;
  onSeen: () => void;
  onPassed: (delivery: Delivery["_id"]) => void;
}) {
  const { _id, title, text, roomName } = delivery;
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  usePassing(_id, { held: pointed || focused, onPassed });
  return (
    <div
      data-toast={_id}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      className="pointer-events-auto flex gap-2.5 rounded-lg border border-line-strong bg-raised p-3 shadow-lg motion-safe:animate-arrive"
    >
      <BellRing className="mt-0.5 size-4 shrink-0 text-blue" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <a
          href={addressOf(roomName)}
          onClick={onSeen}
          className="rounded text-sm font-semibold hover:underline"
        >
          {plain(title)}
        </a>
        <p className="mt-0.5 line-clamp-4 text-sm whitespace-pre-line wrap-anywhere text-ink-soft">
          {plain(text)}
        </p>
      </div>
      <button
        type="button"
        onClick={onSeen}
        aria-label={`Seen: ${title}`}
        className="flex size-7 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink"
      >
        <X className="size-4" />
      </button>
    </div>
  );
}
