import type { ReactNode } from "react";
import type { Schedule } from "#lib/backend.ts";
import { Empty } from "#ui/empty.tsx";
import { SheetHead, SheetPart } from "#ui/sheet.tsx";
import { ScheduleItem } from "./schedule-item.tsx";

export interface SchedulesPanelProps {
  room: string;
  items: readonly Schedule[];
  /** The room's switch. */
  power: ReactNode;
  /** The button that adds one; undefined for whoever may not. */
  add: ReactNode;
  buttonsOf: (schedule: Schedule) => ReactNode;
  limits: ReactNode;
  /** What of the answers is shown. */
  visibility: ReactNode;
}

/** What happens in a room by itself: whether it may, what there is, and within which limits. */
export function SchedulesPanel(props: SchedulesPanelProps) {
  const { room, items, power, add, buttonsOf, limits, visibility } = props;
  return (
    <div data-schedules-panel={room}>
      <SheetHead>
        <h2 className="text-[0.9375rem] font-semibold">Schedules</h2>
        <p className="mt-0.5 text-xs text-ink-faint">
          What the agents of {room} look after by themselves
        </p>
      </SheetHead>
      <SheetPart title="The room's switch">{power}</SheetPart>
      <SheetPart
        title={items.length === 0 ? "Schedules" : `Schedules · ${items.length}`}
        aside={add}
      >
        {items.length === 0 ? (
          <NoSchedules room={room} />
        ) : (
          <ul className="divide-y divide-line">
            {items.map((schedule) => (
              <ScheduleItem
                key={schedule._id}
                schedule={schedule}
                room={room}
                buttons={buttonsOf(schedule)}
              />
            ))}
          </ul>
        )}
      </SheetPart>
      <SheetPart title="Limits">{limits}</SheetPart>
      <SheetPart title="What is shown">{visibility}</SheetPart>
    </div>
  );
}

function NoSchedules({ room }: { room: string }) {
  return (
    <div className="-mx-4 -my-4">
      <Empty title={`${room} has no schedule yet`}>
        <p>
          A heartbeat lets an agent look around now and then: it reads the HEARTBEAT.md in its
          directory and wakes only when something is due. A prompt says the same words to it each
          time.
        </p>
      </Empty>
    </div>
  );
}
