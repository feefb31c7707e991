import { randomBytes } from "node:crypto";

/** Time as the runtime sees it; tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, `delay` milliseconds from now. The answer cancels it. */
  after(delay: number, run: () => void): () => void;
}

/** Where every random byte of the runtime comes from. */
export interface RandomSource {
  bytes(length: number): Uint8Array;
}

/** The longest delay that Node's timers take without firing at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, run) {
    const timer = setTimeout(run, Math.min(Math.max(delay, 0), LONGEST_DELAY));
    return () => clearTimeout(timer);
  },
};

export const systemRandom: RandomSource = { bytes: (length) => randomBytes(length) };
