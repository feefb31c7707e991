import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tick of listeners) tick();
    }, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function current(): number {
  if (timer === undefined) now = Date.now();
  return now;
}

/** The time in milliseconds, renewed once a second for all who show an age. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current);
}

/** The present day, as `dayOf` wants it; changes at midnight only. */
export function useToday(): string {
  return useSyncExternalStore(subscribe, () => new Date(current()).toDateString());
}

/** How long ago, in one unit: `3s`, `12m`, `5h`, `2d`. Never negative, whatever the clocks say. */
export function ageOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** A span in one unit, as words that stand in a sentence: `12 s`, `12 min`, `5 h`, `2 days`. Never negative. */
export function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** How long something lasts, to the second: `12s`, `3:07`, `1:02:30`. Never negative. */
export function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

const two = (part: number): string => String(part).padStart(2, "0");

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const precise = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const moment = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const clockTime = (at: number): string => clock.format(at);
/** With seconds, where the order and pace of events is the point. */
export const preciseTime = (at: number): string => precise.format(at);
/** Day and time, for what lies further off than today. */
export const momentOf = (at: number): string => moment.format(at);
export const fullTime = (at: number): string => full.format(at);

/** The day that a message belongs to, for the line between two days; `today` is what `useToday` gives. */
export function dayOf(at: number, today: string): string {
  return new Date(at).toDateString() === today ? "Today" : day.format(at);
}
