import type { Store } from "../storage/store.ts";
import type { Clock } from "./clock.ts";

/**
 * The times that may never go back: commit timestamps (ns) and creation times (ms). Both follow the clock, and step past their
 * last value when the clock does not.
 */
export class Timeline {
  readonly #store: Store;
  readonly #clock: Clock;
  #ts: bigint;
  #creation: number;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    const kept = keptIn(store);
    this.#ts = BigInt(kept.ts);
    this.#creation = kept.creation;
  }

  /** The last timestamp given out. */
  get ts(): bigint {
    return this.#ts;
  }

  nextTs(): bigint {
    const now = BigInt(Math.floor(this.#clock.now() * 1000)) * 1000n;
    this.#ts = now > this.#ts ? now : this.#ts + 1n;
    return this.#ts;
  }

  /** The creation time of the next document of a transaction that began at `now`. */
  nextCreationTime(now: number): number {
    this.#creation = now > this.#creation ? now : nextDouble(this.#creation);
    return this.#creation;
  }

  /** Belongs into the transaction whose times it keeps. */
  keep(): void {
    this.#store.setMeta(
      "timeline",
      JSON.stringify({ ts: String(this.#ts), creation: this.#creation }),
    );
  }
}

/** The timestamp of the last commit that a view of the database shows. */
export function latestIn(store: Store): bigint {
  return BigInt(keptIn(store).ts);
}

function keptIn(store: Store): { ts: string; creation: number } {
  return JSON.parse(store.meta("timeline") ?? '{"ts":"0","creation":0}') as {
    ts: string;
    creation: number;
  };
}

function nextDouble(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0);
}
