import type { Seat } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";
import { Age } from "#ui/age.tsx";

type Exit = NonNullable<Seat["lastExit"]>;

/** How the agent's process ended last, with the end of its output. */
export function LastExit({ exit }: { exit: Exit }) {
  const tail = plain(exit.tail).trim();
  const how = howItEnded(exit);
  return (
    <div className="text-xs text-ink-soft">
      <p>
        {how === null ? (
          "It could not be started"
        ) : (
          <>
            Ended with <span className="font-mono text-ink">{how}</span>
          </>
        )}
        ,{" "}
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

/** The same in a few words, with what was printed last where nothing else tells. */
export function endOf(exit: Exit): string {
  const how = howItEnded(exit);
  if (how !== null) return `last exit: ${how}`;
  return plain(exit.tail).trim().split("\n").at(-1)?.trim() ?? "";
}

/** Null for an exit without a process: it could not be started. */
function howItEnded({ code, signal }: Exit): string | null {
  if (signal !== null) return signal;
  return code === null ? null : `code ${code}`;
}
