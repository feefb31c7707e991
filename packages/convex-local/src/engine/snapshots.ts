import { Catalog } from "./catalog.ts";
import type { Clock } from "./clock.ts";
import type { Store } from "../storage/store.ts";

/** A state of the database after some commit. */
export interface Snapshot {
  readonly ts: bigint;
  readonly store: Store;
  readonly catalog: Catalog;
}

const KEPT_MS = 30_000;
const MOST = 4;

/** States of the database that somebody has been promised to read again, for half a minute. */
export class Snapshots {
  readonly #openToRead: () => Store | undefined;
  readonly #clock: Clock;
  readonly #pinned: { readonly snapshot: Snapshot; cancel: () => void }[] = [];

  /** `openToRead` opens one more view of the database as it is now, or answers undefined if there is none to be had. */
  constructor(openToRead: () => Store | undefined, clock: Clock) {
    this.#openToRead = openToRead;
    this.#clock = clock;
  }

  /** Keeps the present state, which is that of `ts`. The oldest one goes when there are too many. */
  pin(ts: bigint): void {
    const present = this.#pinned.find(({ snapshot }) => snapshot.ts === ts);
    if (present !== undefined) {
      present.cancel();
      present.cancel = this.#releaseLater(present.snapshot);
      return;
    }
    if (this.#pinned.length >= MOST) this.#release(this.#pinned[0]?.snapshot);
    const store = this.#openToRead();
    if (store === undefined) return;
    // Reading the catalog is what fixes the state.
    const snapshot = { ts, store, catalog: new Catalog(store) };
    this.#pinned.push({ snapshot, cancel: this.#releaseLater(snapshot) });
  }

  find(ts: bigint): Snapshot | undefined {
    return this.#pinned.find(({ snapshot }) => snapshot.ts === ts)?.snapshot;
  }

  close(): void {
    for (const { snapshot } of Array.from(this.#pinned)) this.#release(snapshot);
  }

  #releaseLater(snapshot: Snapshot): () => void {
    return this.#clock.after(KEPT_MS, () => this.#release(snapshot));
  }

  #release(snapshot: Snapshot | undefined): void {
    const at = this.#pinned.findIndex((pinned) => pinned.snapshot === snapshot);
    const [pinned] = at === -1 ? [] : this.#pinned.splice(at, 1);
    pinned?.cancel();
    pinned?.snapshot.store.close();
  }
}
