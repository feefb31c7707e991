import type { Commit, ReadSet } from "./engine.ts";

/** Keys with `from` ≤ key < `to`. */
export interface Interval {
  from: Uint8Array;
  to: Uint8Array;
}

/** What a reader has consumed so far. */
export type Consumed = () => Interval;

/** Collects what one query consumed. */
export class Reads implements ReadSet {
  readonly #readers = new Map<string, Consumed[]>();
  /** Made at the first question, when the query has ended. */
  #settled: Map<string, readonly Interval[]> | undefined;

  /** `consumed` is asked when the query has ended, because a stream goes on reading until then. */
  add(index: string, consumed: Consumed): void {
    const readers = this.#readers.get(index);
    if (readers === undefined) this.#readers.set(index, [consumed]);
    else readers.push(consumed);
  }

  intervals(): ReadonlyMap<string, readonly Interval[]> {
    if (this.#settled !== undefined) return this.#settled;
    const settled = new Map<string, Interval[]>();
    for (const [index, readers] of this.#readers) settled.set(index, settle(readers));
    this.#settled = settled;
    this.#readers.clear();
    return settled;
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

function settle(readers: readonly Consumed[]): Interval[] {
  const settled: Interval[] = [];
  const intervals = readers.map((consumed) => consumed());
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
