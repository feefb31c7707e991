import type { ScheduleSettings } from "#lib/backend.ts";
import { Switch } from "#ui/switch.tsx";
import type { Configure } from "./use-schedules.ts";

/** Nothing in a room happens by itself until somebody says so here. */
export function RoomSwitch({
  room,
  settings,
  configure,
}: {
  room: string;
  settings: ScheduleSettings;
  /** Null when the person may not, or nothing can be asked now. */
  configure: Configure | null;
}) {
  const { on, enabled } = settings;
  return (
    <div className="space-y-2">
      <Switch
        label={`Schedules in ${room}`}
        checked={on}
        disabled={configure === null || configure.busy}
        onChange={(next) => void configure?.change({ on: next })}
      >
        {on
          ? "On: the agents here also act when nobody has asked, at the times below and within the limits below."
          : "Off: no agent here acts unless somebody asks. Switched on, they also act at the times below."}
      </Switch>
      {!enabled && (
        <p className="rounded-md bg-amber-wash px-3 py-2 text-xs text-amber">
          Schedules are switched off on this server (MUSTER_SCHEDULES=off): ticks are recorded and
          wake nobody.
        </p>
      )}
      {configure?.problem != null && (
        <p role="alert" className="text-xs text-red">
          {configure.problem}
        </p>
      )}
    </div>
  );
}
