import { cadenceWords } from "@muster/core";
import type { StatusLabel } from "@muster/core";
import type { Schedule } from "#lib/backend.ts";
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
