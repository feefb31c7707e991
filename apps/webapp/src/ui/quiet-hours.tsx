import type { QuietHours } from "@muster/core";
import { localZone } from "#lib/zone.ts";
import { Field } from "#ui/field.tsx";
import { Switch } from "#ui/switch.tsx";

/** From the evening to the morning, where this browser is. */
const nightHere = (): QuietHours => ({ from: "22:00", to: "07:00", zone: localZone() });

/** Hours in which nothing is to be heard; null for none. */
export function QuietHoursFields({
  value,
  disabled = false,
  note,
  onChange,
}: {
  value: QuietHours | null;
  disabled?: boolean;
  /** What happens to what comes within them. */
  note: string;
  onChange: (value: QuietHours | null) => void;
}) {
  return (
    <div className="space-y-2">
      <Switch
        label="Quiet hours"
        checked={value !== null}
        disabled={disabled}
        onChange={(on) => onChange(on ? nightHere() : null)}
      >
        {note}
      </Switch>
      {value !== null && (
        <div className="grid grid-cols-[7rem_7rem_1fr] gap-2 pl-11 max-sm:grid-cols-2 max-sm:pl-0">
          <Field label="From">
            {(input) => (
              <input
                {...input}
                type="time"
                disabled={disabled}
                value={value.from}
                onChange={(event) => onChange({ ...value, from: event.target.value })}
              />
            )}
          </Field>
          <Field label="To">
            {(input) => (
              <input
                {...input}
                type="time"
                disabled={disabled}
                value={value.to}
                onChange={(event) => onChange({ ...value, to: event.target.value })}
              />
            )}
          </Field>
          <Field label="Time zone">
            {(input) => (
              <input
                {...input}
                disabled={disabled}
                value={value.zone}
                onChange={(event) => onChange({ ...value, zone: event.target.value })}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  );
}
