import type { Guard } from "../realm/guard.ts";
import type { Store } from "../storage/store.ts";
import type { Catalog } from "./catalog.ts";
import { type Clock, type RandomSource, soonBy } from "./clock.ts";
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

/** Thrown to the caller of a unit of work that took longer than its guard allows. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
}

interface Performed {
  /** Tells the caller, once the batch is durable. */
  readonly answer: () => void;
  readonly commit: Commit | undefined;
  /** To be done once the batch is durable. */
  readonly effects: readonly (() => void)[];
}

/** The works of one transaction of the store. */
class Batch {
  readonly taken: Work[] = [];
  readonly performed: Performed[] = [];
  /** Also that of a work which was killed and is therefore not performed. */
  readonly #begun: Transaction[] = [];
  readonly #queue: Work[];
  readonly #clock: Clock;
  readonly #began: number;

  constructor(queue: Work[], clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
    this.#began = clock.now();
  }

  *works(): Generator<Work> {
    while (this.taken.length < MOST_PER_BATCH && this.#clock.now() - this.#began < LONGEST_BATCH) {
      const work = this.#queue.shift();
      if (work === undefined) return;
      this.taken.push(work);
      yield work;
    }
  }

  begin(transaction: Transaction): void {
    this.#begun.push(transaction);
  }

  add(performed: Performed): void {
    this.performed.push(performed);
  }

  /** To be called when nothing of it is kept. Its works may then be performed anew. */
  undo(): void {
    this.performed.length = 0;
    for (const transaction of this.#begun.splice(0)) transaction.undo();
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
  readonly #soon: (run: () => void) => void;
  readonly #random: RandomSource;
  readonly #guard: Guard;
  readonly #listeners = new Listeners<Commit>();
  #queue: Work[] = [];
  #isScheduled = false;
  #isClosed = false;
  #isAbandoned = false;
  #latestTs: bigint;

  constructor(
    store: Store,
    catalog: Catalog,
    timeline: Timeline,
    clock: Clock,
    random: RandomSource,
    guard: Guard,
  ) {
    this.#store = store;
    this.#catalog = catalog;
    this.#timeline = timeline;
    this.#clock = clock;
    this.#soon = soonBy(clock);
    this.#random = random;
    this.#guard = guard;
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
      if (this.#isAbandoned) return;
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

  /** The process dies: what waits is neither done nor answered, and neither is a batch in which this happens. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#queue.length = 0;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#queue.length === 0) return;
    this.#isScheduled = true;
    this.#soon(() => {
      this.#isScheduled = false;
      if (this.#queue.length > 0) this.#commitBatch();
      this.#schedule();
    });
  }

  #commitBatch(): void {
    // Closing empties the queue, and the store may be closed by now.
    if (this.#queue.length === 0) return;
    const batch = new Batch(this.#queue, this.#clock);
    try {
      this.#store.driver.begin();
      const isWhole = this.#guard.within(() => {
        for (const work of batch.works()) this.#perform(batch, work, (run) => run());
      });
      if (isWhole === undefined) this.#performOneByOne(batch);
      this.#timeline.keep();
      this.#store.driver.commit();
    } catch (error) {
      if (this.#isAbandoned) return;
      batch.undo();
      this.#abandon(batch.taken, error);
      return;
    }
    this.#latestTs = this.#timeline.ts;
    for (const { answer } of batch.performed) answer();
    for (const { effects } of batch.performed) for (const effect of effects) effect();
    for (const { commit } of batch.performed)
      if (commit !== undefined) this.#listeners.call(commit);
  }

  /** Some work of the batch was killed, and it is not known how far the others got: all of it anew, each with time of its own. */
  #performOneByOne(batch: Batch): void {
    this.#store.driver.rollback();
    this.#catalog.reload();
    this.#store.driver.begin();
    batch.undo();
    for (const work of batch.taken) {
      this.#perform(batch, work, (run) => {
        const done = this.#guard.within(run);
        if (done === undefined) throw new TimedOut();
        return done.result;
      });
    }
  }

  /** Throws only when the store can no longer tell the works apart. */
  #perform(batch: Batch, work: Work, guarded: (run: () => unknown) => unknown): void {
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
    batch.begin(transaction);
    const { driver } = this.#store;
    driver.savepoint("work");
    try {
      const value = guarded(() => work.run(transaction));
      driver.release("work");
      const { writes } = transaction;
      batch.add({
        answer: () => work.resolve({ value, ts }),
        commit: writes.length > 0 ? { ts, writes } : undefined,
        effects: transaction.effects,
      });
    } catch (error) {
      driver.rollbackTo("work");
      transaction.forgetCreatedTables();
      transaction.undo();
      const isUndone = error instanceof Undo;
      batch.add({
        answer: () => (isUndone ? work.resolve({ value: error.value, ts }) : work.reject(error)),
        commit: undefined,
        effects: [],
      });
    }
  }

  #abandon(works: readonly Work[], cause: unknown): void {
    // A database that cannot even begin fails the work that waits for it, instead of trying for ever.
    const failed = works.length > 0 ? works : this.#queue.splice(0);
    let error = new Error("The store could not commit; nothing of this was kept.", { cause });
    try {
      this.#store.driver.rollback();
      this.#catalog.reload();
    } catch (second) {
      error = new Error("The store could neither commit nor roll back.", {
        cause: [cause, second],
      });
    }
    for (const work of failed) work.reject(error);
  }
}
