import type { AskedKind } from "@muster/core";
import { clsx } from "clsx";
import { durationOf, useNow } from "#lib/time.ts";

const SOON_MS = 60_000;

const WORDS = {
  approval: { left: "left – no answer by then means no", over: "which is a no" },
  question: { left: "left – then it goes on without", over: "so it goes on without" },
} satisfies Record<AskedKind, { left: string; over: string }>;

/** How long an answer still counts, and what silence means. */
export function Countdown({ kind, deadline }: { kind: AskedKind; deadline: number }) {
  const left = deadline - useNow();
  const words = WORDS[kind];
  if (left <= 0) return <>No answer came in time, {words.over}.</>;
  return (
    <span>
      <span
        role="timer"
        className={clsx("font-mono tabular-nums", left < SOON_MS && "font-semibold text-red")}
      >
        {durationOf(left)}
      </span>{" "}
      {words.left}
    </span>
  );
}
