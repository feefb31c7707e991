import { tickWords } from "@muster/core";
import { Pause, Play, Trash2, Zap } from "lucide-react";
import { useState } from "react";
import type { Room, Schedule } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import type { Ran, ScheduleActions } from "./use-schedules.ts";

/** Pause or resume, run now, remove: as far as the person's rights go. */
export function ScheduleButtons({
  schedule,
  rights,
  connected,
  actions,
}: {
  schedule: Schedule;
  rights: Room["rights"];
  connected: boolean;
  actions: ScheduleActions;
}) {
  const [ran, setRan] = useState<Ran | null>(null);
  const { name, state } = schedule;
  const waiting = actions.busy || !connected;
  const resumable = state === "paused" || state === "stopped";
  const manages = rights.includes("manage");
  const run = () => {
    setRan(null);
    void actions.run().then((came) => setRan(came ?? null));
  };
  return (
    <div className="mt-2">
      <div className="flex flex-wrap gap-1.5">
        {rights.includes("send") && (
          <Button size="small" disabled={waiting} aria-label={`Run now: ${name}`} onClick={run}>
            <Zap className="size-3" aria-hidden="true" />
            Run now
          </Button>
        )}
        {manages && resumable && (
          <Button
            size="small"
            disabled={waiting}
            aria-label={`Resume: ${name}`}
            onClick={actions.resume}
          >
            <Play className="size-3" aria-hidden="true" />
            Resume
          </Button>
        )}
        {manages && !resumable && state !== "done" && (
          <Button
            size="small"
            disabled={waiting}
            aria-label={`Pause: ${name}`}
            onClick={actions.pause}
          >
            <Pause className="size-3" aria-hidden="true" />
            Pause
          </Button>
        )}
        {manages && <Remove name={name} disabled={waiting} onRemove={actions.remove} />}
      </div>
      <p role="status" className="mt-1.5 text-xs text-ink-soft empty:hidden">
        {ran !== null && ranWords(ran)}
      </p>
      {actions.problem !== null && (
        <p role="alert" className="mt-1.5 text-xs text-red">
          {actions.problem}
        </p>
      )}
    </div>
  );
}

/** A schedule does not come back, so it is removed by two presses. */
function Remove({
  name,
  disabled,
  onRemove,
}: {
  name: string;
  disabled: boolean;
  onRemove: () => void;
}) {
  const [sure, setSure] = useState(false);
  if (!sure)
    return (
      <Button
        size="small"
        look="quiet"
        disabled={disabled}
        aria-label={`Remove: ${name}`}
        onClick={() => setSure(true)}
      >
        <Trash2 className="size-3" aria-hidden="true" />
        Remove
      </Button>
    );
  return (
    <Button
      size="small"
      look="danger"
      autoFocus
      disabled={disabled}
      aria-label={`Really remove: ${name}`}
      onClick={onRemove}
      onBlur={() => setSure(false)}
    >
      <Trash2 className="size-3" aria-hidden="true" />
      Really remove it
    </Button>
  );
}

function ranWords(ran: Ran): string {
  const words = tickWords(ran);
  const detail = ran.detail === null || ran.detail === words ? "" : ` (${ran.detail})`;
  return ran.status === "skipped" ? `It ran and woke nobody: ${words}${detail}.` : `It ${words}.`;
}
