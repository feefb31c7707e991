import type { Seat } from "#lib/backend.ts";
import { Command } from "#ui/command.tsx";
import { StatusBadge } from "#ui/status.tsx";
import { statusOf, wakeOf } from "./wake.ts";

/** Says whom the message wakes, with the status that the answer rests on. */
export function WakeLine({
  seat,
  room,
  onStart,
}: {
  seat: Seat;
  room: string;
  onStart: (() => void) | null;
}) {
  const wake = wakeOf(seat, room);
  const hasStatus = seat.type !== null;
  return (
    <div className="min-w-0 text-xs text-ink-soft">
      <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1" data-testid="wake-line">
        <span>{wake.before}</span>
        <span className="font-medium text-ink">{seat.role}</span>
        {hasStatus && <StatusBadge status={statusOf(seat)} />}
        {wake.after !== "" && <span>{wake.after}</span>}
        {wake.offerStart && onStart !== null && (
          <button
            type="button"
            onClick={onStart}
            className="rounded font-medium text-ink underline decoration-line-strong underline-offset-3 hover:decoration-current"
          >
            Start {seat.role}
          </button>
        )}
      </p>
      {wake.command !== null && (
        <div className="mt-1.5">
          <Command>{wake.command}</Command>
        </div>
      )}
    </div>
  );
}
