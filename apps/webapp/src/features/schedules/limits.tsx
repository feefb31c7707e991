import { useState } from "react";
import type { FormEvent } from "react";
import type { ScheduleSettings } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import { Field } from "#ui/field.tsx";
import type { Configure } from "./use-schedules.ts";

type Limit = "runsPerDay" | "costPerDay" | "idleDays";

const LIMITS = {
  runsPerDay: { label: "Runs a day", step: 1 },
  costPerDay: { label: "Cost a day", step: 0.01 },
  idleDays: { label: "Idle days", step: 1 },
} as const satisfies Record<Limit, { label: string; step: number }>;

const NAMES = Object.keys(LIMITS) as Limit[];

/** What a room's schedules may use up, and after how long without a person they stop. */
export function Limits({
  settings,
  configure,
}: {
  settings: ScheduleSettings;
  configure: Configure | null;
}) {
  /** What is typed and not saved; everything else is what the backend says. */
  const [typed, setTyped] = useState<Partial<Record<Limit, string>>>({});
  const changed = NAMES.filter((name) => typed[name] !== undefined);

  const save = async (change: Configure["change"]) => {
    const numbers = Object.fromEntries(changed.map((name) => [name, Number(typed[name])]));
    if (await change(numbers)) setTyped({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (configure !== null && changed.length > 0) void save(configure.change);
  };

  return (
    <form onSubmit={submit} noValidate aria-label="Limits">
      <div className="grid grid-cols-3 gap-3">
        {NAMES.map((name) => (
          <Field key={name} label={LIMITS[name].label}>
            {(input) => (
              <input
                {...input}
                type="number"
                min={0}
                step={LIMITS[name].step}
                name={name}
                disabled={configure === null}
                value={typed[name] ?? String(settings[name])}
                onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="mt-2 text-xs text-ink-faint">
        A used-up day makes ticks skip until it has passed. After the idle days without a word of a
        person every schedule stops; 0 means never.
      </p>
      {changed.length > 0 && configure !== null && (
        <div className="mt-2 flex gap-1.5">
          <Button type="submit" size="small" look="solid" disabled={configure.busy}>
            Save the limits
          </Button>
          <Button size="small" look="quiet" onClick={() => setTyped({})}>
            Leave them
          </Button>
        </div>
      )}
      {configure?.problem != null && (
        <p role="alert" className="mt-2 text-xs text-red">
          {configure.problem}
        </p>
      )}
    </form>
  );
}
