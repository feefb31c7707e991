import { type Clock, soonBy } from "./clock.ts";

/** The time that one process has: its timers and whatever it puts off end with it. */
export class Lifetime implements Clock {
  readonly #clock: Clock;
  readonly #soon: (run: () => void) => void;
  readonly #timers = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#soon = soonBy(clock);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delay: number, run: () => void): () => void {
    if (this.#isOver) return () => {};
    const cancelTimer = this.#clock.after(delay, () => {
      this.#timers.delete(cancelTimer);
      run();
    });
    this.#timers.add(cancelTimer);
    return () => {
      this.#timers.delete(cancelTimer);
      cancelTimer();
    };
  }

  soon(run: () => void): void {
    this.#soon(this.during(run));
  }

  /** The same as a promise that, should the process die before, rejects instead of staying open. */
  async outlived<T>(work: Promise<T>): Promise<T> {
    const died = Promise.withResolvers<never>();
    const give = () => died.reject(new Error("The process died meanwhile."));
    if (this.#isOver) give();
    this.#waiting.add(give);
    try {
      return await Promise.race([work, died.promise]);
    } finally {
      this.#waiting.delete(give);
    }
  }

  /** The same as a promise that, should the process die before, stays open for ever. */
  mortal<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(this.during(resolve), this.during(reject));
    });
  }

  /** The same, of no effect once the process is dead. */
  during<Given extends unknown[]>(act: (...given: Given) => void): (...given: Given) => void {
    return (...given) => {
      if (!this.#isOver) act(...given);
    };
  }

  /** Nothing of it runs any more. */
  end(): void {
    this.#isOver = true;
    for (const cancelTimer of this.#timers) cancelTimer();
    this.#timers.clear();
    for (const give of this.#waiting) give();
  }
}
