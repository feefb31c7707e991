import { useState } from "react";
import type { FormEvent } from "react";
import type { Room, Schedule } from "#lib/backend.ts";
import { localZone } from "#lib/zone.ts";
import { Button } from "#ui/button.tsx";
import { Choice, ChoiceGroup } from "#ui/choice.tsx";
import { Field, Problem } from "#ui/field.tsx";
import { QuietHoursFields } from "#ui/quiet-hours.tsx";
import { CadenceFields } from "./cadence-fields.tsx";
import { blankIn, emptyDraft, requestOf } from "./request.ts";
import type { Blank, Draft, Request } from "./request.ts";
import { TargetField } from "./target-field.tsx";

export interface ScheduleFormProps {
  room: Room;
  /** The person's own channels. */
  channels: readonly string[];
  busy: boolean;
  /** Why the backend refused, in a sentence. */
  problem: string | null;
  onSubmit: (request: Request) => void;
}

const KINDS = {
  heartbeat: {
    label: "Look around",
    note: "reads HEARTBEAT.md, and wakes the agent only when something is due",
    words: "Words to it, besides HEARTBEAT.md (optional)",
  },
  prompt: {
    label: "Say this",
    note: "wakes the agent with the words below each time",
    words: "What to say",
  },
} as const satisfies Record<Schedule["kind"], { label: string; note: string; words: string }>;

/** Who looks after what and when. The backend says what of it cannot be kept. */
export function ScheduleForm({ room, channels, busy, problem, onSubmit }: ScheduleFormProps) {
  const [draft, setDraft] = useState(() => emptyDraft(room.entryRole, localZone()));
  const [blank, setBlank] = useState<Blank | null>(null);
  const change = (changes: Partial<Draft>) => {
    setBlank(null);
    setDraft((before) => ({ ...before, ...changes }));
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const found = blankIn(draft);
    setBlank(found);
    if (found === null) onSubmit(requestOf(draft));
    else focusOn(event.currentTarget.elements.namedItem(found.field));
  };

  return (
    <form onSubmit={submit} noValidate className="space-y-4 px-5 py-4">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Name">
          {(input) => (
            <input
              {...input}
              name="name"
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
              placeholder="morning-round"
              autoFocus
            />
          )}
        </Field>
        <Field label="Role">
          {(input) => (
            <select
              {...input}
              name="role"
              value={draft.role}
              onChange={(event) => change({ role: event.target.value })}
            >
              {room.team.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <ChoiceGroup label="What it does">
        {(Object.keys(KINDS) as Schedule["kind"][]).map((kind) => (
          <Choice
            key={kind}
            name="kind"
            value={kind}
            checked={draft.kind === kind}
            onChange={() => change({ kind })}
            label={KINDS[kind].label}
            note={KINDS[kind].note}
          />
        ))}
      </ChoiceGroup>
      <Field label={KINDS[draft.kind].words}>
        {(input) => (
          <textarea
            {...input}
            name="prompt"
            rows={2}
            value={draft.prompt}
            onChange={(event) => change({ prompt: event.target.value })}
            className={`${input.className} field-sizing-content h-auto! max-h-48 min-h-14 resize-none py-1.5`}
          />
        )}
      </Field>
      <CadenceFields draft={draft} change={change} blank={blank} />
      <TargetField
        value={draft.target}
        channels={channels}
        onChange={(target) => change({ target })}
      />
      <QuietHoursFields
        value={draft.quietHours}
        note="Its ticks within them are skipped; from = to means never."
        onChange={(quietHours) => change({ quietHours })}
      />
      <Field label="OK token" mono note="An answer that begins or ends with it needs nobody.">
        {(input) => (
          <input
            {...input}
            name="okToken"
            value={draft.okToken}
            onChange={(event) => change({ okToken: event.target.value })}
          />
        )}
      </Field>
      <div className="sticky bottom-0 -mx-5 -mb-4 space-y-3 border-t border-line bg-paper px-5 py-3">
        <Problem>{problem}</Problem>
        <Button type="submit" look="solid" disabled={busy}>
          {busy ? "Adding…" : "Add the schedule"}
        </Button>
      </div>
    </form>
  );
}

function focusOn(input: Element | RadioNodeList | null): void {
  if (input instanceof HTMLElement) input.focus();
}
