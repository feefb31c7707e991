import { Hand, Hourglass } from "lucide-react";
import type { Seat } from "#lib/backend.ts";

/** What stands beside a status and never replaces it. */
export function Badges({ seat }: { seat: Seat }) {
  if (!seat.needsYou && !seat.stalled) return null;
  return (
    <p className="mt-1.5 flex gap-1.5 text-2xs font-semibold text-amber">
      {seat.needsYou && (
        <span
          className="inline-flex items-center gap-1 rounded bg-amber-wash px-1.5 py-0.5"
          title="It waits for a person's answer or decision"
        >
          <Hand className="size-3" aria-hidden="true" /> NEEDS YOU
        </span>
      )}
      {seat.stalled && (
        <span
          className="inline-flex items-center gap-1 rounded bg-amber-wash px-1.5 py-0.5"
          title="It holds a task but has made no progress for a while"
        >
          <Hourglass className="size-3" aria-hidden="true" /> STALLED
        </span>
      )}
    </p>
  );
}
