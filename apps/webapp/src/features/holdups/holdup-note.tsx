import type { Holdup } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";
import { Age } from "#ui/age.tsx";
import { Button } from "#ui/button.tsx";
import { Command } from "#ui/command.tsx";
import type { Help } from "./use-holdups.ts";

export interface HoldupNoteProps {
  role: string;
  holdup: Holdup;
  /** What its button does; null shows the command instead. */
  help: Help | null;
  connected: boolean;
  /** The button stands elsewhere on the same card. */
  quiet?: boolean;
}

/** What holds a role's work up in one sentence, since when, and what helps: a button, else the command. */
export function HoldupNote({ role, holdup, help, connected, quiet = false }: HoldupNoteProps) {
  return (
    <div data-holdup={holdup.kind} className="min-w-0 text-sm">
      <p className="line-clamp-4 wrap-anywhere">
        {plain(holdup.sentence)}
        {holdup.since !== null && (
          <span className="ml-1.5 font-mono text-2xs whitespace-nowrap text-ink-faint tabular-nums">
            for <Age since={holdup.since} />
          </span>
        )}
      </p>
      {!quiet && (
        <div className="mt-2">
          {help === null ? (
            <Command>{holdup.command}</Command>
          ) : (
            <Button
              size="small"
              disabled={help.busy || !connected}
              aria-label={`${help.label}: ${role}`}
              onClick={help.run}
            >
              {help.label}
            </Button>
          )}
        </div>
      )}
      {help !== null && help.problem !== null && (
        <p role="alert" className="mt-1.5 text-xs text-red">
          {help.problem}
        </p>
      )}
    </div>
  );
}
