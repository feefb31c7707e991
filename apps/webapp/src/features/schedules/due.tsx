import { STATE_LABELS } from "./words.ts";
import type { Schedule } from "#lib/backend.ts";
import { fullTime, spanOf, useNow } from "#lib/time.ts";

/** When a schedule ticks next, counting down; the exact moment is in its title. */
export function NextDue({ schedule }: { schedule: Schedule }) {
  const now = useNow();
  const { nextDueAt, expectedBy, state } = schedule;
  if (nextDueAt === null) return <span>{state === "active" ? "not armed" : NEVER[state]}</span>;
  const late = expectedBy !== null && now > expectedBy;
  return (
    <span className={late ? "text-amber" : undefined}>
      <time dateTime={new Date(nextDueAt).toISOString()} title={fullTime(nextDueAt)}>
        {nextDueAt > now ? `in ${spanOf(nextDueAt - now)}` : "due now"}
      </time>
      {late && `, late: it was expected ${spanOf(now - expectedBy)} ago`}
    </span>
  );
}

/** What has to happen before it ticks again. */
const NEVER = {
  paused: "when it is resumed",
  stopped: "when it is resumed",
  done: "never again",
  off: "when schedules are on",
} as const satisfies Record<Exclude<keyof typeof STATE_LABELS, "active">, string>;
