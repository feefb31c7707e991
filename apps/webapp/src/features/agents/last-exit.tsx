import type { Seat } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";
import { Age } from "#ui/age.tsx";

type Exit = NonNullable<Seat["lastExit"]>;

/** How the agent's process ended last, with the end of its output. */
export function LastExit({ exit }: { exit: Exit }) {
  const tail = plain(exit.tail).trim();
  return (
    <div className="text-xs text-ink-soft">
      <p>
        Ended with <span className="font-mono text-ink">{howItEnded(exit)}</span>,{" "}
        <span className="tabular-nums">
          <Age since={exit.at} /> ago
        </span>
        .
      </p>
      {tail === "" ? (
        <p className="mt-1 text-ink-faint">It printed nothing.</p>
      ) : (
        <pre
          tabIndex={0}
          aria-label="The end of its output"
          data-exit-tail=""
          className="mt-1.5 max-h-48 overflow-auto rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-2xs whitespace-pre-wrap wrap-anywhere text-ink-soft"
        >
          {tail}
        </pre>
      )}
    </div>
  );
}

export function howItEnded({ code, signal }: Exit): string {
  if (signal !== null) return signal;
  return code === null ? "an unknown code" : `code ${code}`;
}
