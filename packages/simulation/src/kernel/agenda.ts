/** Something that happens at a moment. */
export interface Appointment {
  readonly at: number;
  readonly run: () => void;
  cancelled: boolean;
}

interface Entry extends Appointment {
  readonly order: number;
}

/** What is still to happen, by its time; at the same time, by the order in which it was arranged. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;
  #now = 0;

  /** Milliseconds of true time since the beginning. */
  get now(): number {
    return this.#now;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Arranges `run` for `delay` ms from now. Setting `cancelled` on the answer calls it off. */
  after(delay: number, run: () => void): Appointment {
    const entry = {
      at: this.#now + Math.max(0, delay),
      order: (this.#order += 1),
      run,
      cancelled: false,
    };
    this.#push(entry);
    return entry;
  }

  /** Moves time to the next appointment and answers it; null when there is none up to `end`, where time then stands. */
  next(end: number): Appointment | null {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.at > end) break;
      this.#pop();
      if (first.cancelled) continue;
      this.#now = Math.max(this.#now, first.at);
      return first;
    }
    this.#now = Math.max(this.#now, end);
    return null;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Entry)) child += 1;
      const below = heap[child] as Entry;
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
