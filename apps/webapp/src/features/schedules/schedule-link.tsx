import { useQuery } from "convex/react";
import { AlarmClock } from "lucide-react";
import { addressOf } from "#lib/address.ts";
import { api } from "#lib/backend.ts";
import type { Schedule, ScheduleSettings } from "#lib/backend.ts";
import { momentOf } from "#lib/time.ts";

/** Leads to the schedules of a room and, unless it is told not to, says that they run. */
export function ScheduleLink({ room }: { room: string }) {
  const found = useQuery(api.schedules.list, { room });
  const runs = found === undefined ? null : runsWords(found.settings, found.shown, found.items);
  return (
    <a
      href={addressOf(room, { kind: "schedules", id: "" })}
      data-open-schedules=""
      title={runs ?? "Schedules"}
      className="flex h-8 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-soft hover:bg-sunken hover:text-ink max-wide:ml-auto"
    >
      <AlarmClock className="size-4" aria-hidden="true" />
      <span className="max-sm:sr-only">Schedules</span>
      {runs !== null && (
        <span data-schedules-run="" className="size-1.5 rounded-full bg-green-dot">
          <span className="sr-only">, {runs}</span>
        </span>
      )}
    </a>
  );
}

/** That schedules run and when one ticked last; null when none does, or whoever looks is not to see it. */
export function runsWords(
  { on, enabled }: ScheduleSettings,
  shown: ScheduleSettings["visibility"],
  items: readonly Schedule[],
): string | null {
  const active = items.filter(({ state }) => state === "active");
  if (!on || !enabled || !shown.indicator || active.length === 0) return null;
  const last = Math.max(...items.map(({ lastTick }) => lastTick?.at ?? 0));
  return `${active.length} active${last === 0 ? "" : `, last tick ${momentOf(last)}`}`;
}
