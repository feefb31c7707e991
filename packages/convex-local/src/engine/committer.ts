import type { Store } from "../storage/store.ts";
import type { Catalog } from "./catalog.ts";
import type { Clock, RandomSource } from "./clock.ts";
import type { Commit } from "./engine.ts";
import { Listeners } from "./listeners.ts";
import type { Timeline } from "./timeline.ts";
import { Transaction } from "./transaction.ts";

const MOST_PER_BATCH = 64;
/** Milliseconds after which a batch commits, so that its first answer does not wait for its last. */
const LONGEST_BATCH = 20;

interface Work<T = unknown> {
  readonly run: (transaction: Transaction) => T;
  readonly resolve: (done: Done<T>) => void;
  readonly reject: (error: unknown) => void;
}

export interface Done<T> {
  readonly value: T;
  readonly ts: bigint;
}

/** Thrown by a unit of work to undo itself and still answer: the failure of a function, say. */
export class Undo<T> extends Error {
  readonly value: T;

  constructor(value: T) {
    super("undone");
    this.value = value;
  }
}

/**
 * The single writer. Units of work that arrive together run one after the other, each in a savepoint, within one transaction of
 * the store with one sync to disk. Nothing is answered or announced before that sync. When it fails, all of them fail.
 */
export class Committer {
  readonly #store: Store;
  readonly #catalog: Catalog;
  readonly #timeline: Timeline;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #listeners = new Listeners<Commit>();
  #queue: Work[] = [];
  #isScheduled = false;
  #isClosed = false;
  #latestTs: bigint;

  constructor(
    store: Store,
    catalog: Catalog,
    timeline: Timeline,
    clock: Clock,
    random: RandomSource,
  ) {
    this.#store = store;
    this.#catalog = catalog;
    this.#timeline = timeline;
    this.#clock = clock;
    this.#random = random;
    this.#latestTs = timeline.ts;
  }

  /** Of the last durable commit. */
  get latestTs(): bigint {
    return this.#latestTs;
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Resolves after the commit is durable. Rejects with what `run` threw, or with the store's error; nothing is kept then. */
  submit<T>(run: (transaction: Transaction) => T): Promise<Done<T>> {
    return new Promise<Done<T>>((resolve, reject) => {
      if (this.#isClosed) {
        reject(new Error("The store is closed."));
        return;
      }
      this.#queue.push({ run, resolve, reject } as Work);
      this.#schedule();
    });
  }

  /** Commits what is queued; later work is refused. */
  close(): void {
    this.#isClosed = true;
    while (this.#queue.length > 0) this.#commitBatch();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#queue.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#commitBatch();
      this.#schedule();
    });
  }

  #commitBatch(): void {
    // Closing empties the queue, and the store may be closed by now.
    if (this.#queue.length === 0) return;
    const taken: Work[] = [];
    const answers: (() => void)[] = [];
    const commits: Commit[] = [];
    try {
      this.#store.driver.begin();
      const began = performance.now();
      while (taken.length < MOST_PER_BATCH && performance.now() - began < LONGEST_BATCH) {
        const work = this.#queue.shift();
        if (work === undefined) break;
        taken.push(work);
        answers.push(this.#perform(work, commits));
      }
      this.#timeline.keep();
      this.#store.driver.commit();
    } catch (error) {
      this.#abandon(taken, error);
      return;
    }
    this.#latestTs = this.#timeline.ts;
    for (const answer of answers) answer();
    for (const commit of commits) this.#listeners.call(commit);
  }

  /** Answers what to tell the caller once the batch is durable. Throws only when the store can no longer tell the works apart. */
  #perform(work: Work, commits: Commit[]): () => void {
    const ts = this.#timeline.nextTs();
    const now = this.#clock.now();
    const transaction = new Transaction({
      store: this.#store,
      catalog: this.#catalog,
      random: this.#random,
      now,
      ts,
      creationTimes: { next: () => this.#timeline.nextCreationTime(now) },
    });
    const { driver } = this.#store;
    driver.savepoint("work");
    try {
      const value = work.run(transaction);
      driver.release("work");
      if (transaction.writes.length > 0) commits.push({ ts, writes: transaction.writes });
      return () => work.resolve({ value, ts });
    } catch (error) {
      driver.rollbackTo("work");
      transaction.forgetCreatedTables();
      if (error instanceof Undo) return () => work.resolve({ value: error.value, ts });
      return () => work.reject(error);
    }
  }

  #abandon(works: readonly Work[], cause: unknown): void {
    // A database that cannot even begin fails the work that waits for it, instead of trying for ever.
    const failed = works.length > 0 ? works : this.#queue.splice(0);
    try {
      this.#store.driver.rollback();
      this.#catalog.reload();
    } finally {
      const error = new Error("The store could not commit; nothing of this was kept.", { cause });
      for (const work of failed) work.reject(error);
    }
  }
}
