import type { ScheduleSettings } from "#lib/backend.ts";
import { Switch } from "#ui/switch.tsx";
import type { Configure } from "./use-schedules.ts";

type Setting = keyof ScheduleSettings["visibility"];

const SETTINGS = {
  showAlerts: { label: "News", note: "What agents find goes into the room and to people." },
  showOk: { label: "Quiet lines", note: "“All is well” is one line in the room." },
  indicator: { label: "Sign in the header", note: "The room's header says that they run at all." },
} as const satisfies Record<Setting, { label: string; note: string }>;

/** What of the schedules' answers can be seen. With nothing to see, nothing runs. */
export function VisibilitySwitches({
  settings,
  configure,
}: {
  settings: ScheduleSettings;
  configure: Configure | null;
}) {
  const { visibility } = settings;
  const names = Object.keys(SETTINGS) as Setting[];
  const nothing = names.every((name) => !visibility[name]);
  return (
    <div className="space-y-2.5">
      {names.map((name) => (
        <Switch
          key={name}
          label={SETTINGS[name].label}
          checked={visibility[name]}
          disabled={configure === null || configure.busy}
          onChange={(shown) => void configure?.change({ visibility: { [name]: shown } })}
        >
          {SETTINGS[name].note}
        </Switch>
      ))}
      {nothing && (
        <p className="text-xs text-amber">Nothing would be shown, so every tick is skipped.</p>
      )}
      {configure?.problem != null && (
        <p role="alert" className="text-xs text-red">
          {configure.problem}
        </p>
      )}
    </div>
  );
}
