import type { QuietHours } from "@muster/core";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { QuietHoursFields } from "#ui/quiet-hours.tsx";
import { Switch } from "#ui/switch.tsx";
import { NotificationSwitch } from "./notification-switch.tsx";
import type { Settling } from "./use-inbox.ts";

type Sight = "showOk" | "indicator";

const SIGHTS = {
  showOk: { label: "Quiet lines", note: "You see “all is well” of a schedule in its room." },
  indicator: { label: "Sign in the header", note: "A room's header tells you that schedules run." },
} as const satisfies Record<Sight, { label: string; note: string }>;

/** How a person wants to be reached: whether at all, when not, and whether also outside the page. */
export function InboxSettingsForm({ settings, busy, problem, change }: Settling) {
  /** What is typed and not saved. */
  const [typed, setTyped] = useState<QuietHours | null | undefined>(undefined);
  if (settings === undefined) return <p className="text-xs text-ink-faint">Loading…</p>;
  const quietHours = typed === undefined ? settings.quietHours : typed;
  return (
    <div className="space-y-3">
      <Switch
        label="News comes here"
        checked={settings.visibility.showAlerts ?? true}
        disabled={busy}
        onChange={(showAlerts) => change({ visibility: { showAlerts } })}
      >
        What agents find on a schedule and is meant for you, unless its room says otherwise.
      </Switch>
      <NotificationSwitch />
      {(Object.keys(SIGHTS) as Sight[]).map((sight) => (
        <Switch
          key={sight}
          label={SIGHTS[sight].label}
          checked={settings.visibility[sight] ?? true}
          disabled={busy}
          onChange={(shown) => change({ visibility: { [sight]: shown } })}
        >
          {SIGHTS[sight].note}
        </Switch>
      ))}
      <QuietHoursFields
        value={quietHours}
        disabled={busy}
        note="News that comes within them waits until they end."
        onChange={setTyped}
      />
      {typed !== undefined && (
        <div className="flex gap-1.5">
          <Button
            size="small"
            look="solid"
            disabled={busy}
            onClick={() => {
              change({ quietHours: typed });
              setTyped(undefined);
            }}
          >
            Save the quiet hours
          </Button>
          <Button size="small" look="quiet" onClick={() => setTyped(undefined)}>
            Leave them
          </Button>
        </div>
      )}
      {problem !== null && (
        <p role="alert" className="text-xs text-red">
          {problem}
        </p>
      )}
      <p className="text-xs text-ink-faint">You are reached by {settings.channels.join(", ")}.</p>
    </div>
  );
}
