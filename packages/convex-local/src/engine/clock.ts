import { randomBytes } from "node:crypto";

/** Time as the runtime sees it; tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, `delay` milliseconds from now. The answer cancels it. */
  after(delay: number, run: () => void): () => void;
  /**
   * Calls `run` once, after whatever else happens in this turn: requests that come together are worked off together. A clock that
   * has this rules everything, also how long a shutdown waits; without it both are a matter of the event loop.
   */
  soon?(run: () => void): void;
}

/** How this clock puts something off to the end of the turn. */
export function soonBy(clock: Clock): (run: () => void) => void {
  return clock.soon?.bind(clock) ?? ((run) => void setImmediate(run));
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

/** The clock for patience at a shutdown, which is about real sockets unless the clock rules everything. */
export function patienceOf(clock: Clock): Clock {
  return clock.soon === undefined ? systemClock : clock;
}

/** Small amounts come out of a larger one that was asked for at once; no byte is given out twice. */
const POOL_BYTES = 4096;
let pool: Uint8Array = new Uint8Array();

export const systemRandom: RandomSource = {
  bytes(length) {
    if (length > POOL_BYTES) return randomBytes(length);
    if (pool.length < length) pool = randomBytes(POOL_BYTES);
    const bytes = pool.slice(0, length);
    pool = pool.subarray(length);
    return bytes;
  },
};
