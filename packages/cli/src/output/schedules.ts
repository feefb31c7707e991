import { cadenceWords } from "@muster/core/schedule/cadence-words";
import { countWords } from "@muster/core/schedule/count-words";
import { SKIP_LABELS } from "@muster/core/schedule/skips";
import { STOP_LABELS, tickWords } from "@muster/core/schedule/tick";
import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Colour, Line } from "../invocation.ts";
import { ago } from "./ago.ts";
import { excerpt, indented } from "./indented.ts";
import { quietWords } from "./quiet-hours.ts";

export type ScheduleView = FunctionReturnType<typeof Api.schedules.list>["items"][number];
export type SettingsView = FunctionReturnType<typeof Api.schedules.list>["settings"];
export type TickView = FunctionReturnType<typeof Api.schedules.ticks>["items"][number];

const COLOURS = {
  active: "green",
  paused: "grey",
  stopped: "red",
  done: "grey",
  off: "grey",
} as const satisfies Record<ScheduleView["state"], Colour>;

/** Of what a tick said; the room has all of it. */
const SAID_LINES = 5;

type Came = Pick<TickView, "status" | "reason" | "outcome">;

/** What came of a tick, in plain words. */
function cameWords(tick: Came): string {
  const skipped = tick.status === "skipped" && tick.reason !== null;
  return skipped ? `skipped: ${tickWords(tick)}` : tickWords(tick);
}

/** Why a tick by hand woke nobody; null when it did. */
export function skipWords({ status, reason }: Pick<TickView, "status" | "reason">): string | null {
  return status === "skipped" ? cameWords({ status, reason, outcome: null }) : null;
}

/** Name, role and state; when it is due; what came of its last tick. `now` in ms since the epoch. */
export function scheduleLines(schedule: ScheduleView, now: number): Line[] {
  const { name, role, state, stopped, target } = schedule;
  const told = target === "none" ? "" : `, tells ${target}`;
  return [
    { text: `${name}  ${role}  ${state.toUpperCase()}`, colour: COLOURS[state] },
    `  ${schedule.kind} ${cadenceWords(schedule.cadence, momentWords)}${told}`,
    ...(stopped === null
      ? []
      : [`  stopped ${ago(now - stopped.at)} ago: ${STOP_LABELS[stopped.reason]}`]),
    ...dueLines(schedule, now),
    ...lastLines(schedule, now),
  ];
}

/** All schedules of a room in one line: the next tick, and what came of the last one. None without schedules. */
export function schedulesLine(
  { settings, items }: { readonly settings: SettingsView; readonly items: readonly ScheduleView[] },
  now: number,
): Line[] {
  if (items.length === 0) return [];
  const many = `${items.length} ${items.length === 1 ? "schedule" : "schedules"}`;
  const last = items.toSorted((a, b) => (a.lastTick?.at ?? 0) - (b.lastTick?.at ?? 0)).at(-1);
  const came = (named: ScheduleView | undefined): string => {
    if (last?.lastTick == null) return "";
    const name = last === named ? "last" : last.name;
    return `; ${name} ${ago(now - last.lastTick.at)} ago, ${cameWords(last.lastTick)}`;
  };
  if (!settings.on || !settings.enabled) {
    const where = settings.enabled ? "in this room" : "on this server";
    return [{ text: `  ${many}, switched off ${where}${came(undefined)}`, colour: "amber" }];
  }
  const [next] = items
    .filter(({ state, nextDueAt }) => state === "active" && nextDueAt !== null)
    .toSorted((a, b) => (a.nextDueAt ?? 0) - (b.nextDueAt ?? 0));
  if (next === undefined) return [`  ${many}, none of which ticks${came(undefined)}`];
  const [due] = dueLines(next, now);
  const when = typeof due === "string" ? due.trim() : (due?.text.trim() ?? "");
  const text = `  ${many}: ${next.name} ${when}${came(next)}`;
  return [typeof due === "object" ? { ...due, text } : text];
}

function dueLines({ state, nextDueAt, expectedBy }: ScheduleView, now: number): Line[] {
  if (state !== "active" || nextDueAt === null) return [];
  if (expectedBy !== null && expectedBy < now) {
    return [{ text: `  late: it was due ${ago(now - nextDueAt)} ago`, colour: "amber" }];
  }
  return [nextDueAt <= now ? "  next now" : `  next in ${ago(nextDueAt - now)}`];
}

function lastLines({ lastTick }: ScheduleView, now: number): Line[] {
  return lastTick === null ? [] : [`  last ${ago(now - lastTick.at)} ago, ${cameWords(lastTick)}`];
}

/** The rest of what there is to know about one schedule. */
export function detailLines(schedule: ScheduleView): Line[] {
  const { prompt, quietHours, okToken, counts, failures } = schedule;
  const inARow = failures > 1 ? [`${failures} failures in a row`] : [];
  return [
    ...(quietHours === null ? [] : [`  quiet ${quietWords(quietHours)}`]),
    `  OK token ${okToken}`,
    `  ${[...countWords(counts), ...inARow].join("; ")}`,
    ...(prompt === null ? [] : ["  says:", indented(prompt)]),
  ];
}

/** One line per tick with its reason; what it said or why it broke below. */
export function tickLines(ticks: readonly TickView[], now: number): Line[] {
  if (ticks.length === 0) return ["It has not ticked yet."];
  return ticks.flatMap((tick) => {
    const { at, manual, missed, detail, due, text, withheld } = tick;
    const asides = [
      ...(manual ? ["by hand"] : []),
      ...(missed > 0 ? [`${missed} missed before`] : []),
      ...due,
    ];
    const aside = asides.length === 0 ? "" : ` (${asides.join(", ")})`;
    const below = [detail, text].filter((words) => words !== null && words.trim() !== "");
    return [
      tickLine(`${momentWords(at)}  ${ago(now - at)} ago  ${cameWords(tick)}${aside}`, tick),
      ...below.map((words) => indented(excerpt(words ?? "", SAID_LINES, 100))),
      ...(withheld === null ? [] : [indented(`not sent: ${SKIP_LABELS[withheld]}`)]),
    ];
  });
}

function tickLine(text: string, { status, outcome }: Came): Line {
  if (status === "skipped" || outcome === "ok") return { text, colour: "grey" };
  return outcome === "failed" ? { text, colour: "red" } : text;
}

/** Whether the room's schedules tick, what is shown, and what a day may cost. */
export function settingsLines(settings: SettingsView): Line[] {
  const { runsPerDay, costPerDay, idleDays, visibility } = settings;
  const { showOk, showAlerts, indicator } = visibility;
  const shown = [
    ...(showOk ? ["OKs"] : []),
    ...(showAlerts ? ["alerts"] : []),
    ...(indicator ? ["the indicator"] : []),
  ];
  const idle = idleDays === 0 ? "never stop for silence" : `stop after ${idleDays} days of silence`;
  return [
    switchLine(settings),
    `  at most ${runsPerDay} ${runsPerDay === 1 ? "run" : "runs"} and ${costPerDay} of cost a day; ${idle}`,
    `  shown: ${shown.length === 0 ? "nothing" : shown.join(", ")}`,
  ];
}

export function switchLine({ on, enabled }: Pick<SettingsView, "on" | "enabled">): Line {
  if (!enabled) return { text: "Schedules are switched off on this server.", colour: "amber" };
  return on
    ? { text: "Schedules are on.", colour: "green" }
    : { text: "Schedules are off in this room.", colour: "amber" };
}

/** `2026-12-24 18:00`, on this computer's clock. */
function momentWords(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const two = (number: number) => String(number).padStart(2, "0");
