import type { Seat } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Duration } from "#ui/age.tsx";

/** What the agent does right now, and for how many seconds; nothing when it tells nothing. */
export function Activity({ seat }: { seat: Seat }) {
  const { activity, cancelling } = seat;
  if (activity === null && !cancelling) return null;
  return (
    <p
      data-activity=""
      className="mt-1.5 flex items-baseline gap-2 border-l-2 border-line-strong pl-2 text-sm text-ink-soft"
    >
      <span className="line-clamp-2 min-w-0 wrap-anywhere">
        {cancelling ? "cancelling: ends its turn" : plainLine(activity?.text ?? "")}
      </span>
      {activity !== null && (
        <span className="ml-auto shrink-0 font-mono text-2xs tabular-nums">
          <Duration since={activity.since} />
        </span>
      )}
    </p>
  );
}
