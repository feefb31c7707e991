import { clsx } from "clsx";
import { durationOf, useNow } from "#lib/time.ts";

const SOON_MS = 60_000;

/** How long an answer still counts, and what silence means. */
export function Countdown({ deadline }: { deadline: number }) {
  const left = deadline - useNow();
  if (left <= 0) return <>No answer came in time, which is a no.</>;
  return (
    <span title="Nobody's answer is a no">
      <span
        role="timer"
        className={clsx("font-mono tabular-nums", left < SOON_MS && "font-semibold text-red")}
      >
        {durationOf(left)}
      </span>{" "}
      left – no answer by then means no
    </span>
  );
}
