import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { addressOf } from "#lib/address.ts";
import type { Schedule, Tick } from "#lib/backend.ts";
import { Empty } from "#ui/empty.tsx";
import { SheetHead, SheetPart } from "#ui/sheet.tsx";
import { ScheduleItem } from "./schedule-item.tsx";
import { TickRow } from "./tick-row.tsx";

/** One schedule and every tick of it that is still known, with its reason. */
export function History({
  schedule,
  name,
  room,
  ticks,
  buttons,
}: {
  /** Undefined when there is none of this name any more. */
  schedule: Schedule | undefined;
  name: string;
  room: string;
  ticks: readonly Tick[] | undefined;
  buttons: ReactNode;
}) {
  return (
    <div data-schedule-history={name}>
      <SheetHead>
        <a
          href={addressOf(room, { kind: "schedules", id: "" })}
          className="inline-flex items-center gap-1 rounded text-xs text-ink-soft hover:text-ink"
        >
          <ArrowLeft className="size-3" aria-hidden="true" /> All schedules
        </a>
        <h2 className="text-[0.9375rem] font-semibold wrap-anywhere">{name}</h2>
      </SheetHead>
      {schedule === undefined ? (
        <Empty title={`There is no schedule ${name} in ${room}`}>
          <p>Somebody has removed it, or its address is mistyped.</p>
        </Empty>
      ) : (
        <>
          <SheetPart title="How it stands">
            <ul>
              <ScheduleItem schedule={schedule} room={room} buttons={buttons} />
            </ul>
          </SheetPart>
          <SheetPart title="Ticks" aside="newest first, kept for 14 days">
            <Ticks ticks={ticks} room={room} />
          </SheetPart>
        </>
      )}
    </div>
  );
}

function Ticks({ ticks, room }: { ticks: readonly Tick[] | undefined; room: string }) {
  if (ticks === undefined) return <p className="text-xs text-ink-faint">Loading…</p>;
  if (ticks.length === 0) return <p className="text-xs text-ink-faint">It has not ticked yet.</p>;
  return (
    <ol className="divide-y divide-line">
      {ticks.map((tick) => (
        <TickRow key={tick._id} tick={tick} room={room} />
      ))}
    </ol>
  );
}
