import { SKIP_LABELS, tickWords } from "@muster/core";
import { clsx } from "clsx";
import { addressOf } from "#lib/address.ts";
import type { Tick } from "#lib/backend.ts";
import { count } from "#lib/amount.ts";
import { fullTime, momentOf } from "#lib/time.ts";
import { Excerpt } from "#ui/excerpt.tsx";

/** One tick: when, what came of it and why. */
export function TickRow({ tick, room }: { tick: Tick; room: string }) {
  const { at, status, reason, outcome, detail, due, taskId, text, withheld } = tick;
  const quiet = status === "skipped" || outcome === "ok";
  return (
    <li
      data-tick={status}
      data-tick-reason={reason ?? outcome ?? undefined}
      className="py-2 text-xs first:pt-0 last:pb-0"
    >
      <div className="flex flex-wrap items-baseline gap-x-2">
        <time
          dateTime={new Date(at).toISOString()}
          title={fullTime(at)}
          className="w-32 shrink-0 whitespace-nowrap text-ink-faint tabular-nums"
        >
          {momentOf(at)}
        </time>
        <span
          className={clsx("min-w-0 flex-1 wrap-anywhere", quiet ? "text-ink-soft" : "text-ink")}
        >
          {tickWords(tick)}
        </span>
        {taskId !== null && (
          <a
            href={addressOf(room, { kind: "task", id: taskId })}
            data-open-task={taskId}
            className="rounded text-ink-soft underline decoration-line-strong underline-offset-3 hover:text-ink"
          >
            its task
          </a>
        )}
      </div>
      <div className="space-y-1 pl-34 text-ink-faint empty:hidden">
        <Aside tick={tick} />
        {due.length > 0 && <p>due: {due.join(", ")}</p>}
        {detail !== null && <p className="wrap-anywhere">{detail}</p>}
        {withheld !== null && <p>not sent: {SKIP_LABELS[withheld]}</p>}
        {text !== null && text !== "" && <Excerpt text={text} label="What it said" />}
      </div>
    </li>
  );
}

function Aside({ tick }: { tick: Tick }) {
  const { manual, missed, cost } = tick;
  const parts: string[] = [];
  if (manual) parts.push("by hand");
  if (missed > 0) parts.push(`makes up for ${count(missed, "missed tick")}`);
  if (cost > 0) parts.push(`cost ${cost.toFixed(2)}`);
  return parts.length === 0 ? null : <p>{parts.join(" · ")}</p>;
}
