import { STOP_LABELS, countWords, tickWords } from "@muster/core";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { addressOf } from "#lib/address.ts";
import type { Schedule } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";
import { StatusBadge } from "#ui/status.tsx";
import { NextDue } from "./due.tsx";
import { KIND_LABELS, STATE_LABELS, targetWords, whenWords } from "./words.ts";

/** One schedule: who, when, how it stands, what it last came to, and what a person can do. */
export function ScheduleItem({
  schedule,
  room,
  buttons,
}: {
  schedule: Schedule;
  room: string;
  buttons: ReactNode;
}) {
  const { name, state, stopped, prompt, lastTick, counts, failures } = schedule;
  return (
    <li data-schedule={name} data-schedule-state={state} className="py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h4 className="text-sm font-medium">
          <a
            href={addressOf(room, { kind: "schedules", id: name })}
            data-open-schedules={name}
            className="rounded hover:underline"
          >
            {name}
          </a>
        </h4>
        <StatusBadge status={STATE_LABELS[state]} />
      </div>
      <p className="mt-0.5 text-xs wrap-anywhere text-ink-soft">{rhythm(schedule)}</p>
      {prompt !== null && (
        <p className="mt-1 line-clamp-2 border-l-2 border-line-strong pl-2 text-xs wrap-anywhere text-ink-soft">
          {prompt}
        </p>
      )}
      {stopped !== null && (
        <p className="mt-1 text-xs text-red">Stopped: {STOP_LABELS[stopped.reason]}.</p>
      )}
      <dl className="mt-1.5 grid grid-cols-[3.5rem_1fr] gap-x-2 gap-y-0.5 text-xs">
        <Line name="Last">
          {lastTick === null ? (
            "never ticked"
          ) : (
            <>
              <Age since={lastTick.at} className="tabular-nums" /> ago: {tickWords(lastTick)}
            </>
          )}
        </Line>
        <Line name="Next">
          <NextDue schedule={schedule} />
        </Line>
        <Line name="So far" quiet>
          {countWords(counts).join(" · ")}
          {failures > 1 && <span className="text-red"> · {failures} failures in a row</span>}
        </Line>
      </dl>
      {buttons}
    </li>
  );
}

/** Who does what when, and who hears of it, in one line. */
function rhythm(schedule: Schedule): string {
  const { role, kind, target, quietHours } = schedule;
  const parts = [`${role} ${KIND_LABELS[kind]}`, whenWords(schedule)];
  const told = targetWords(target);
  if (told !== null) parts.push(told);
  if (quietHours !== null)
    parts.push(`quiet from ${quietHours.from} to ${quietHours.to}, ${quietHours.zone}`);
  return parts.join(" · ");
}

function Line({
  name,
  quiet = false,
  children,
}: {
  name: string;
  quiet?: boolean;
  children: ReactNode;
}) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className={clsx("wrap-anywhere", quiet ? "text-ink-soft" : "text-ink")}>{children}</dd>
    </>
  );
}
