import type { Clock } from "../clock.ts";
import type { WorkerStart } from "./message.ts";
import { WorkerThread } from "./thread.ts";

/** Milliseconds within a second that a further worker has to be missed for before it is started. */
const MISSED_ENOUGH = 100;
const SECOND = 1_000;
/** Milliseconds without work after which a worker goes. */
const IDLE = 30_000;
/** Milliseconds without workers after one was lost. */
const REST = 60_000;
const PATIENCE_AT_CLOSE = 1_000;

export interface QueryWorkersParts {
  /** How many there may be. */
  readonly most: number;
  /** They are there from the first query on, and run all they can. For tests. */
  readonly areForced: boolean;
  readonly clock: Clock;
  /** Whether the log of the database can bear more readers. */
  readonly mayRead: () => boolean;
  /** What one that is started now begins with. */
  readonly start: () => WorkerStart;
  readonly onLog: (line: string) => void;
}

/** The threads that run queries: started when there is work enough for them, gone again when there is none. */
export class QueryWorkers {
  readonly #parts: QueryWorkersParts;
  readonly #threads = new Set<WorkerThread>();
  /** Of those that were told to end and have not yet. */
  readonly #ends = new Set<Promise<void>>();
  #missed = { since: 0, time: 0 };
  #restsUntil = 0;
  #cancelSweep: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: QueryWorkersParts) {
    this.#parts = parts;
  }

  get areForced(): boolean {
    return this.#parts.areForced;
  }

  /** Those that would begin at once; if they are forced, those that have nothing else to do. */
  idle(): WorkerThread[] {
    if (this.areForced) while (this.#mayStart) this.#start();
    if (this.#threads.size === 0 || !this.#parts.mayRead()) return [];
    return [...this.#threads].filter(
      (thread) => thread.isIdle && (thread.isReady || this.areForced),
    );
  }

  /** So many milliseconds could one more have spared the engine's thread. */
  miss(time: number): void {
    if (time <= 0 || !this.#mayStart) return;
    const now = this.#parts.clock.now();
    if (now - this.#missed.since > SECOND) this.#missed = { since: now, time: 0 };
    this.#missed.time += time;
    if (this.#missed.time < MISSED_ENOUGH) return;
    this.#missed.time = 0;
    this.#start();
  }

  /** What they have loaded does not serve any more. */
  dismiss(): void {
    for (const thread of this.#threads) this.#end(thread);
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }

  /** There will be no other. Resolves when no thread is left, or is stuck where nothing ends it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.dismiss();
    const { promise: tooLong, resolve } = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(PATIENCE_AT_CLOSE, resolve);
    await Promise.race([Promise.all(this.#ends), tooLong]);
    cancel();
  }

  get #mayStart(): boolean {
    const { most, clock } = this.#parts;
    return !this.#isClosed && this.#threads.size < most && clock.now() >= this.#restsUntil;
  }

  #start(): void {
    const { clock, start } = this.#parts;
    try {
      const thread = new WorkerThread(start(), clock, (reason) => {
        this.#threads.delete(thread);
        this.#rest(reason);
      });
      this.#threads.add(thread);
      this.#cancelSweep ??= clock.after(IDLE, () => this.#sweep());
    } catch (error) {
      this.#rest(error instanceof Error ? error.message : String(error));
    }
  }

  #end(thread: WorkerThread): void {
    this.#threads.delete(thread);
    const end = thread.end().finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }

  #rest(reason: string): void {
    this.#restsUntil = this.#parts.clock.now() + REST;
    this.#parts.onLog(`a query worker ended (${reason}); queries run without it`);
  }

  #sweep(): void {
    const { clock } = this.#parts;
    for (const thread of this.#threads) {
      if (clock.now() - thread.usedAt >= IDLE) this.#end(thread);
    }
    this.#cancelSweep =
      this.#threads.size === 0 ? undefined : clock.after(IDLE, () => this.#sweep());
  }
}
