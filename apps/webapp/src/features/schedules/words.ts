import { cadenceWords } from "@muster/core";
import type { StatusLabel } from "@muster/core";
import type { Schedule } from "#lib/backend.ts";
import { count } from "#lib/amount.ts";
import { momentOf } from "#lib/time.ts";

export const STATE_LABELS = {
  active: {
    label: "ACTIVE",
    colour: "green",
    pulsing: false,
    outlined: false,
    description: "It ticks by itself.",
  },
  paused: {
    label: "PAUSED",
    colour: "grey",
    pulsing: false,
    outlined: false,
    description: "Somebody paused it; it ticks no more until it is resumed.",
  },
  stopped: {
    label: "STOPPED",
    colour: "red",
    pulsing: false,
    outlined: false,
    description: "A brake stopped it; only a person resumes it.",
  },
  done: {
    label: "DONE",
    colour: "grey",
    pulsing: false,
    outlined: true,
    description: "Its date has come; it ticks no more.",
  },
  off: {
    label: "OFF",
    colour: "grey",
    pulsing: false,
    outlined: true,
    description: "It ticks once schedules are switched on.",
  },
} as const satisfies Record<Schedule["state"], StatusLabel>;

export const KIND_LABELS = {
  heartbeat: "looks around",
  prompt: "is told this",
} as const satisfies Record<Schedule["kind"], string>;

export const whenWords = (schedule: Schedule): string => cadenceWords(schedule.cadence, momentOf);

/** Who gets its news, beside the room. */
export function targetWords(target: string): string | null {
  if (target === "none") return null;
  if (target === "owner") return "tells the room's owner";
  return target === "last" ? "tells who spoke last" : `tells ${target}`;
}

/** What it has come to so far: `12 ticks · 3 wakes · 1 alert`. Nothing is said that did not happen. */
export function countWords(counts: Schedule["counts"]): string {
  const { ticks, wakes, oks, alerts, duplicates, failures, sent, dead, cost } = counts;
  const told: [number, string][] = [
    [wakes, "wake"],
    [oks, "OK"],
    [alerts, "alert"],
    [duplicates, "repeat"],
    [failures, "failure"],
    [skipsOf(counts), "skip"],
  ];
  const parts = [count(ticks, "tick")];
  for (const [number, noun] of told) if (number > 0) parts.push(count(number, noun));
  if (sent > 0) parts.push(`${sent} sent`);
  if (dead > 0) parts.push(`${dead} not delivered`);
  if (cost > 0) parts.push(`cost ${cost.toFixed(2)}`);
  return parts.join(" · ");
}

function skipsOf({ skips }: Schedule["counts"]): number {
  return Object.values(skips).reduce((sum, number) => sum + number, 0);
}
