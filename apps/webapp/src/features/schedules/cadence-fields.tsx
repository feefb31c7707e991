import type { Cadence } from "@muster/core";
import type { ReactNode } from "react";
import { useNow } from "#lib/time.ts";
import { Choice, ChoiceGroup } from "#ui/choice.tsx";
import { Field } from "#ui/field.tsx";
import { UNITS, preview } from "./request.ts";
import type { Blank, Draft, Unit } from "./request.ts";

type Type = Cadence["type"];
interface FieldsProps {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  /** What has to be filled in before this can be asked for. */
  readonly blank: Blank | null;
}

const TYPES = {
  interval: { label: "Every so often", note: "counted from its last tick", fields: IntervalFields },
  cron: { label: "By the clock", note: "a cron expression in a time zone", fields: CronFields },
  once: { label: "Once", note: "at a date", fields: OnceFields },
} as const satisfies Record<
  Type,
  { label: string; note: string; fields: (props: FieldsProps) => ReactNode }
>;

/** When it ticks, and what that means in words. */
export function CadenceFields({ draft, change, blank }: FieldsProps) {
  const now = useNow();
  const words = preview(draft, now);
  return (
    <div>
      <ChoiceGroup label="When">
        {(Object.keys(TYPES) as Type[]).map((type) => {
          const { label, note, fields: Fields } = TYPES[type];
          return (
            <Choice
              key={type}
              name="cadence"
              value={type}
              checked={draft.type === type}
              onChange={() => change({ type })}
              label={label}
              note={note}
            >
              {draft.type === type && <Fields {...{ draft, change, blank }} />}
            </Choice>
          );
        })}
      </ChoiceGroup>
      <p className="mt-1 min-h-4.5 text-xs text-ink-faint">{words}</p>
    </div>
  );
}

function IntervalFields({ draft, change, blank }: FieldsProps) {
  return (
    <div className="grid grid-cols-[5rem_7rem] gap-2">
      <Field label="Every" problem={about("every", blank)}>
        {(input) => (
          <input
            {...input}
            type="number"
            min={1}
            name="every"
            value={draft.every}
            onChange={(event) => change({ every: event.target.value })}
          />
        )}
      </Field>
      <Field label="Unit">
        {(input) => (
          <select
            {...input}
            name="unit"
            value={draft.unit}
            onChange={(event) => change({ unit: event.target.value as Unit })}
          >
            {Object.keys(UNITS).map((unit) => (
              <option key={unit}>{unit}</option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function CronFields({ draft, change, blank }: FieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-2">
      <Field label="Cron expression" mono problem={about("expression", blank)}>
        {(input) => (
          <input
            {...input}
            name="expression"
            value={draft.expression}
            onChange={(event) => change({ expression: event.target.value })}
            placeholder="0 9 * * 1-5"
          />
        )}
      </Field>
      <Field label="Time zone" problem={about("zone", blank)}>
        {(input) => (
          <input
            {...input}
            name="zone"
            value={draft.zone}
            onChange={(event) => change({ zone: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function OnceFields({ draft, change, blank }: FieldsProps) {
  return (
    <Field label="Date and time, where you are" problem={about("at", blank)}>
      {(input) => (
        <input
          {...input}
          type="datetime-local"
          name="at"
          value={draft.at}
          onChange={(event) => change({ at: event.target.value })}
        />
      )}
    </Field>
  );
}

const about = (field: Blank["field"], blank: Blank | null): string | null =>
  blank?.field === field ? blank.problem : null;
