import type { Clock } from "../src/index.ts";

/** A clock that stands until a test moves it. */
export class ManualClock implements Clock {
  #now: number;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  constructor(now = Date.UTC(2026, 10, 20)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(delay, 0), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on, running what falls due in order; real I/O in between gets its turn. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets a commit or two reach the disk and everything that waits for them run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
