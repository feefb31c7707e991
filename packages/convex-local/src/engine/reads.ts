import type { Commit, ReadSet } from "./engine.ts";

/** Keys with `from` ≤ key < `to`. A stream extends the interval that it recorded while it goes on reading. */
export interface Interval {
  from: Uint8Array;
  to: Uint8Array;
}

/** Collects what one query consumed. */
export class Reads implements ReadSet {
  readonly #open = new Map<string, Interval[]>();
  /** Made at the first question, when the query has ended. */
  #settled: Map<string, readonly Interval[]> | undefined;

  /** Takes the interval itself: what the reader changes in it until the query's end is recorded too. */
  add(index: string, interval: Interval): void {
    const intervals = this.#open.get(index);
    if (intervals === undefined) this.#open.set(index, [interval]);
    else intervals.push(interval);
  }

  intervals(): ReadonlyMap<string, readonly Interval[]> {
    this.#settled ??= new Map([...this.#open].map(([index, list]) => [index, settle(list)]));
    return this.#settled;
  }

  overlaps(commit: Commit): boolean {
    const settled = this.intervals();
    for (const write of commit.writes) {
      const intervals = settled.get(write.index);
      if (intervals === undefined) continue;
      if (write.oldKey !== null && covers(intervals, write.oldKey)) return true;
      if (write.newKey !== null && covers(intervals, write.newKey)) return true;
    }
    return false;
  }
}

function settle(intervals: readonly Interval[]): Interval[] {
  const settled: Interval[] = [];
  const ascending = intervals.toSorted((left, right) => Buffer.compare(left.from, right.from));
  for (const { from, to } of ascending) {
    const last = settled.at(-1);
    if (last === undefined || Buffer.compare(from, last.to) > 0) settled.push({ from, to });
    else if (Buffer.compare(to, last.to) > 0) last.to = to;
  }
  return settled;
}

function covers(intervals: readonly Interval[], key: Uint8Array): boolean {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const interval = intervals[middle];
    if (interval !== undefined && Buffer.compare(interval.from, key) <= 0) low = middle + 1;
    else high = middle;
  }
  const candidate = intervals[low - 1];
  return candidate !== undefined && Buffer.compare(key, candidate.to) < 0;
}
