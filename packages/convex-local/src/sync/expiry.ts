import type { Clock } from "../engine/clock.ts";

/** Tells once when a moment has passed, also if the computer slept over it. */
export class Expiry {
  readonly #clock: Clock;
  readonly #onExpired: () => void;
  #moment: number | null = null;
  #cancel: () => void = () => {};

  constructor(clock: Clock, onExpired: () => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  get hasPassed(): boolean {
    return this.#moment !== null && this.#moment <= this.#clock.now();
  }

  /** Replaces the moment (milliseconds since the epoch); null means never. */
  at(moment: number | null): void {
    this.#cancel();
    this.#moment = moment;
    if (moment !== null) this.#arm(moment);
  }

  cancel(): void {
    this.at(null);
  }

  /** A timer may fire early: delays beyond what timers hold are cut. */
  #arm(moment: number): void {
    this.#cancel = this.#clock.after(moment - this.#clock.now(), () => {
      if (this.hasPassed) this.#onExpired();
      else this.#arm(moment);
    });
  }
}
