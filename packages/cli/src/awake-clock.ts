import type { Clock } from "./daemon/clock.ts";

/** Nothing that works lets this much time pass between two ticks: whoever does was suspended. */
const LONGEST_GAP_MS = 5_000;
const TICKS_PER_GAP = 4;

/**
 * Time as this process has lived it: what passes while it is suspended, or stopped, does not count, and neither do jumps
 * of the computer's clock. So no deadline is missed, and nobody looks silent, because this process slept.
 */
export class AwakeClock implements Clock {
  readonly #base: Clock;
  /** Without ticks every gap is as good as lived. */
  #longestGapMs: () => number = () => Infinity;
  #seen: number;
  #lived: number;
  #waking = new AbortController();

  constructor(base: Clock) {
    this.#base = base;
    this.#seen = base.now();
    this.#lived = this.#seen;
  }

  /** As the computer's clock was when this one was made, plus what was lived since. */
  now(): number {
    const seen = this.#base.now();
    const gap = seen - this.#seen;
    this.#seen = seen;
    if (gap > this.#longestGapMs()) this.#wake();
    else if (gap > 0) this.#lived += gap;
    return this.#lived;
  }

  random(): number {
    return this.#base.random();
  }

  /** May come back too early after a suspension: look at the time again. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#base.sleep(ms, signal);
  }

  /** Aborts at the next wake-up. */
  get waking(): AbortSignal {
    return this.#waking.signal;
  }

  /**
   * Ticks until `signal` aborts. More than two beats between two ticks are a suspension.
   * @param beatMs how often this process beats, as it is told
   */
  async tick(beatMs: () => number, signal: AbortSignal): Promise<void> {
    this.#longestGapMs = () => Math.min(2 * beatMs(), LONGEST_GAP_MS);
    while (!signal.aborted) {
      await this.#base.sleep(this.#longestGapMs() / TICKS_PER_GAP, signal);
      this.now();
    }
    this.#longestGapMs = () => Infinity;
  }

  #wake(): void {
    const woken = this.#waking;
    this.#waking = new AbortController();
    woken.abort();
  }
}
