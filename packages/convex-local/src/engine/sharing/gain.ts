import type { Clock } from "../clock.ts";

/** What sharing is expected to take, as a part of what doing it alone would, before anything is known. */
const EXPECTED = 0.6;
/** From which part on it is no gain. */
const NO_GAIN = 1.1;
/** How much the last batch counts. */
const NEWEST = 0.25;
/** Milliseconds after which it is tried again. */
const PAUSE = 5_000;

/**
 * Whether sharing work has lately been worth it. It is not where other programs keep the cores busy, nor where commits overtake the
 * answers again and again.
 */
export class Gain {
  readonly #clock: Clock;
  #part = EXPECTED;
  #pausedUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isLikely(): boolean {
    return this.#clock.now() >= this.#pausedUntil;
  }

  /** A batch has taken `shared` milliseconds, what had to be run again included, that alone would have taken `alone`. */
  add(alone: number, shared: number): void {
    this.#part += (shared / alone - this.#part) * NEWEST;
    if (this.#part < NO_GAIN) return;
    this.#part = EXPECTED;
    this.#pausedUntil = this.#clock.now() + PAUSE;
  }
}
