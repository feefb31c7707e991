import type { Clock } from "../src/in-process.ts";

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: everything that is put off happens here, one thing after another, in an order that never varies. */
export class SimulatedTime implements Clock {
  #now: number;
  #order = 0;
  #events: Event[] = [];

  constructor(now = Date.UTC(2026, 10, 20)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): () => void {
    const event = { at: this.#now + Math.max(delay, 0), order: (this.#order += 1), run };
    this.#events.push(event);
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
    };
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  get pending(): number {
    return this.#events.length;
  }

  /** Goes on for this many milliseconds. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await turn();
    while (await this.#step(end));
    this.#now = end;
  }

  /** Goes on until the work is done. Rejects with what it rejects with, or when nothing is left that could end it. */
  async until<T>(work: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const over = () => {
      state.isOver = true;
    };
    work.then(over, over);
    await turn();
    while (!state.isOver) {
      if (!(await this.#step(Infinity))) throw new Error("Nothing is left that could end this.");
    }
    return await work;
  }

  async #step(end: number): Promise<boolean> {
    const next = this.#events
      .filter(({ at }) => at <= end)
      .sort((left, right) => left.at - right.at || left.order - right.order)[0];
    if (next === undefined) return false;
    this.#events = this.#events.filter((event) => event !== next);
    this.#now = Math.max(this.#now, next.at);
    next.run();
    await turn();
    return true;
  }
}

/** Promises and streams that are ready run to their end. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
