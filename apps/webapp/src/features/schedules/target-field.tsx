import { useState } from "react";
import { Field } from "#ui/field.tsx";

const ANOTHER = "another";

/** Who gets the news beside the room; a channel of somebody else is typed. */
export function TargetField({
  value,
  channels,
  onChange,
}: {
  value: string;
  /** The person's own. */
  channels: readonly string[];
  onChange: (target: string) => void;
}) {
  const [typing, setTyping] = useState(false);
  return (
    <div className="grid grid-cols-2 gap-2 max-sm:grid-cols-1">
      <Field label="News goes to">
        {(input) => (
          <select
            {...input}
            name="target"
            value={typing ? ANOTHER : value}
            onChange={(event) => {
              const chosen = event.target.value;
              setTyping(chosen === ANOTHER);
              onChange(chosen === ANOTHER ? "" : chosen);
            }}
          >
            <option value="none">the room alone</option>
            <option value="owner">its owner</option>
            <option value="last">who spoke last</option>
            {channels.map((channel) => (
              <option key={channel}>{channel}</option>
            ))}
            <option value={ANOTHER}>another channel…</option>
          </select>
        )}
      </Field>
      {typing && (
        <Field label="Channel" mono>
          {(input) => (
            <input
              {...input}
              name="channel"
              value={value}
              onChange={(event) => onChange(event.target.value)}
              placeholder="dashboard/linus"
              autoFocus
            />
          )}
        </Field>
      )}
    </div>
  );
}
