import type { Message } from "#lib/backend.ts";

/**
 * The `before` cursors of the fixed pages that cover everything from `from` up to the live tail. They lie
 * on multiples of `step`, so that a page keeps its cursor while the tail moves on, and reach a little into
 * the tail, so that a page is there before the tail lets go of it.
 */
export function pagesBefore(tailStart: number | null, from: number | null, step: number): number[] {
  if (tailStart === null || from === null || from >= tailStart) return [];
  const first = Math.floor(from / step) + 1;
  const last = Math.ceil((tailStart + step / 2) / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Without the quiet lines of schedules, for whoever does not want to see them. */
export function withoutQuietLines(messages: readonly Message[]): Message[] {
  return messages.filter(({ quiet }) => quiet !== true);
}

/** One list by seq out of overlapping pages, from `from` on. What lies behind a page still missing waits for it. */
export function mergePages(
  pages: readonly (readonly Message[])[],
  tail: readonly Message[],
  from: number | null,
): Message[] {
  const bySeq = new Map<number, Message>();
  for (const page of pages) for (const message of page) bySeq.set(message.seq, message);
  for (const message of tail) bySeq.set(message.seq, message);
  const sorted = [...bySeq.values()]
    .filter((message) => message.seq >= (from ?? 0))
    .sort((a, b) => a.seq - b.seq);
  const gap = sorted.findLastIndex(
    (message, index) => index > 0 && message.seq !== (sorted[index - 1]?.seq ?? 0) + 1,
  );
  return gap === -1 ? sorted : sorted.slice(gap);
}
