import { OK_TOKEN, cadenceProblem, cadenceWords, firstDue } from "@muster/core";
import type { Cadence, QuietHours } from "@muster/core";
import type { Schedule } from "#lib/backend.ts";
import { momentOf } from "#lib/time.ts";

/** What a person has filled in, as it stands in the inputs. */
export interface Draft {
  readonly name: string;
  readonly role: string;
  readonly kind: Schedule["kind"];
  readonly type: Cadence["type"];
  readonly every: string;
  readonly unit: Unit;
  readonly expression: string;
  readonly zone: string;
  /** A moment in this browser's time, as `datetime-local` writes it. */
  readonly at: string;
  readonly prompt: string;
  readonly target: string;
  readonly quietHours: QuietHours | null;
  readonly okToken: string;
}

export const UNITS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type Unit = keyof typeof UNITS;

/** A heartbeat every half hour of the room's first role. */
export function emptyDraft(role: string, zone: string): Draft {
  return {
    name: "",
    role,
    kind: "heartbeat",
    type: "interval",
    every: "30",
    unit: "minutes",
    expression: "0 9 * * 1-5",
    zone,
    at: "",
    prompt: "",
    target: "none",
    quietHours: null,
    okToken: OK_TOKEN,
  };
}

const CADENCES = {
  interval: ({ every, unit }) => ({ type: "interval", everyMs: Number(every) * UNITS[unit] }),
  cron: ({ expression, zone }) => ({ type: "cron", expression, zone }),
  once: ({ at }) => ({ type: "once", at: new Date(at).getTime() }),
} as const satisfies Record<Cadence["type"], (draft: Draft) => Cadence>;

const cadenceOf = (draft: Draft): Cadence => CADENCES[draft.type](draft);

type Needed = "every" | "expression" | "zone" | "at";
export interface Blank {
  readonly field: Needed;
  /** What to do about it, as a sentence. */
  readonly problem: string;
}

const NEEDED: Record<Needed, string> = {
  every: "Say how often.",
  expression: "Write a cron expression, for example 0 9 * * 1-5.",
  zone: "Name a time zone, for example Europe/Berlin.",
  at: "Choose a date and a time.",
};
const NEEDED_BY = {
  interval: ["every"],
  cron: ["expression", "zone"],
  once: ["at"],
} as const satisfies Record<Cadence["type"], readonly Needed[]>;

/** The first field of the cadence in which nothing stands; null when there is none. */
export function blankIn(draft: Draft): Blank | null {
  const needed: readonly Needed[] = NEEDED_BY[draft.type];
  const field = needed.find((name) => draft[name].trim() === "");
  return field === undefined ? null : { field, problem: NEEDED[field] };
}

/** What is asked of the backend. What stands at its default is left out, and a blank prompt is none. */
export function requestOf(draft: Draft) {
  const { name, role, kind, target, quietHours, okToken } = draft;
  const prompt = draft.prompt.trim();
  return {
    name: name.trim(),
    role,
    kind,
    cadence: cadenceOf(draft),
    target: target.trim(),
    ...(prompt !== "" && { prompt }),
    ...(quietHours !== null && { quietHours }),
    ...(okToken !== OK_TOKEN && { okToken: okToken.trim() }),
  };
}
export type Request = ReturnType<typeof requestOf>;

/** When it would tick, in words; null while the cadence is not one that can be kept. */
export function preview(draft: Draft, now: number): string | null {
  const cadence = cadenceOf(draft);
  if (cadenceProblem(cadence, now) !== null) return null;
  const first = firstDue(cadence, null, now);
  const words = cadenceWords(cadence, momentOf);
  if (first === null || cadence.type === "once") return words;
  return `${words}, first ${first <= now ? "at once" : momentOf(first)}`;
}
