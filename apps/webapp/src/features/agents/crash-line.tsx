import { Skull } from "lucide-react";
import type { Seat } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { EventLine } from "#ui/event-line.tsx";
import type { Crash } from "./crashes.ts";

/** A crash among the messages: who died, of what, and whether it is there again. */
export function CrashLine({ seat, crash }: { seat: Seat; crash: Crash }) {
  const after = whatFollows(seat, crash);
  return (
    <EventLine data-crash={crash.outcome} sign={Skull} tone="text-red" at={crash.at}>
      <span className="font-medium text-ink-soft">{seat.role}</span> died: {plainLine(crash.reason)}
      .{after !== "" && <span className="text-ink-soft"> {after}</span>}
    </EventLine>
  );
}

function whatFollows({ type, desired }: Seat, { outcome, last }: Crash): string {
  if (outcome === "back") return type === "remote" ? "It was started again." : "It is back.";
  if (outcome === "gave up") return `Its machine ${last}.`;
  const restarts = outcome === "open" && type === "remote" && desired === "running";
  return restarts ? "It is being started again." : "";
}
