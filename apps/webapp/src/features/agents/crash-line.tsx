import { Skull } from "lucide-react";
import type { Seat } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Clock } from "#ui/age.tsx";
import type { Crash } from "./crashes.ts";

/** A crash among the messages: who died, of what, and whether it is there again. */
export function CrashLine({ seat, crash }: { seat: Seat; crash: Crash }) {
  const after = whatFollows(seat, crash);
  return (
    <li
      data-crash={crash.outcome}
      className="flex items-baseline gap-3 px-5 py-0.5 text-xs text-ink-faint"
    >
      <span className="flex w-7 shrink-0 justify-center self-center" aria-hidden="true">
        <Skull className="size-3.5 text-red" />
      </span>
      <p className="min-w-0 flex-1 wrap-anywhere">
        <span className="font-medium text-ink-soft">{seat.role}</span> died:{" "}
        {plainLine(crash.reason)}.{after !== "" && <span className="text-ink-soft"> {after}</span>}
      </p>
      <Clock at={crash.at} className="font-mono text-2xs tabular-nums" />
    </li>
  );
}

function whatFollows({ type, desired }: Seat, { outcome, last }: Crash): string {
  if (outcome === "back") return type === "remote" ? "It was started again." : "It is back.";
  if (outcome === "gave up") return `Its machine ${last}.`;
  const restarts = outcome === "open" && type === "remote" && desired === "running";
  return restarts ? "It is being started again." : "";
}
