import type { Seat } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";
import { Disclosure } from "#ui/disclosure.tsx";

type Exit = NonNullable<Seat["lastExit"]>;

/** How the agent's process ended last, with the end of its output. Open while that is the news. */
export function LastExit({ exit, open }: { exit: Exit; open: boolean }) {
  const label = (
    <>
      Last exit: <span className="font-mono">{howItEnded(exit)}</span>,{" "}
      <span className="tabular-nums">
        <Age since={exit.at} /> ago
      </span>
    </>
  );
  const tail = exit.tail.trim();
  if (!open)
    return (
      <Disclosure label={label}>
        <Tail text={tail} />
      </Disclosure>
    );
  return (
    <div className="text-xs text-ink-soft">
      <p>{label}</p>
      {tail !== "" && (
        <div className="mt-1.5">
          <Tail text={tail} />
        </div>
      )}
    </div>
  );
}

function Tail({ text }: { text: string }) {
  if (text === "") return <p className="text-xs text-ink-faint">It printed nothing.</p>;
  return (
    <pre
      tabIndex={0}
      aria-label="The end of its output"
      className="max-h-40 overflow-auto rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-2xs whitespace-pre-wrap text-ink-soft"
    >
      {text}
    </pre>
  );
}

function howItEnded({ code, signal }: Exit): string {
  if (signal !== null) return signal;
  return code === null ? "unknown" : `code ${code}`;
}
