import type { Clock } from "./clock.ts";

const BURST = 10;
const REFILL_MS = 1_000;

/** At most one spawn per second after a burst of ten: a machine with many broken agents stays usable. */
export class SpawnPace {
  readonly #clock: Clock;
  /** When the bucket would be full again if nobody took anything. */
  #fullAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Comes back when the caller may spawn. Those who wait are served in their order. */
  async turn(): Promise<void> {
    const now = this.#clock.now();
    this.#fullAt = Math.max(this.#fullAt, now) + REFILL_MS;
    const waitMs = this.#fullAt - now - BURST * REFILL_MS;
    if (waitMs > 0) await this.#clock.sleep(waitMs);
  }
}
