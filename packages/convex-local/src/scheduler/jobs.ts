import type { Clock } from "../engine/clock.ts";
import type { ScheduledJob, SystemTables } from "../engine/engine.ts";
import type { LogListener } from "../wire/functions.ts";
import { storageBackoff } from "./backoff.ts";

const PARALLELISM = 8;

/**
 * Runs `ctx.scheduler` jobs when their time has come, earliest first, eight at a time. Which job is pending is known to
 * storage alone, so that a crash or a cancellation at any moment leaves nothing to repair here.
 */
export class Jobs {
  readonly #system: SystemTables;
  readonly #clock: Clock;
  readonly #onLog: LogListener;
  readonly #running = new Set<Promise<void>>();
  readonly #unsubscribe: () => void;
  #cancelTimer: () => void = () => {};
  #failures = 0;
  #pausedUntil = 0;
  #stopped = false;

  constructor(system: SystemTables, clock: Clock, onLog: LogListener) {
    this.#system = system;
    this.#clock = clock;
    this.#onLog = onLog;
    this.#unsubscribe = system.onJobs(() => this.#rearm());
    this.#rearm();
  }

  /** Begins no further job and resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.abandon();
    await Promise.all(this.#running);
  }

  /** The process dies. */
  abandon(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancelTimer();
  }

  /** Sets the one timer to the next moment at which there is something to begin. */
  #rearm(): void {
    this.#cancelTimer();
    if (this.#stopped || this.#running.size >= PARALLELISM) return;
    const next = this.#read(() => this.#system.nextJobTime(), this.#pausedUntil);
    if (next === null) return;
    const now = this.#clock.now();
    const delay = Math.max(next, this.#pausedUntil) - now;
    this.#cancelTimer = this.#clock.after(Math.max(delay, 0), () => this.#beginDue());
  }

  #beginDue(): void {
    const now = this.#clock.now();
    if (now >= this.#pausedUntil) {
      const room = PARALLELISM - this.#running.size;
      for (const job of this.#read(() => this.#system.dueJobs(now, room), [])) this.#begin(job);
    }
    this.#rearm();
  }

  /** What storage says, or `otherwise` when it fails: it is asked again after a pause. */
  #read<T>(ask: () => T, otherwise: T): T {
    try {
      return ask();
    } catch (cause) {
      this.#pause();
      this.#onLog(`jobs could not be read: ${String(cause)}`);
      return otherwise;
    }
  }

  #pause(): void {
    this.#pausedUntil = this.#clock.now() + storageBackoff(this.#failures);
    this.#failures += 1;
  }

  #begin(job: ScheduledJob): void {
    const run = this.#run(job).finally(() => {
      this.#running.delete(run);
      this.#rearm();
    });
    this.#running.add(run);
  }

  async #run({ id, path }: ScheduledJob): Promise<void> {
    try {
      await this.#system.runJob(id);
      this.#failures = 0;
    } catch (cause) {
      // Storage failed, not the function: the job is still pending and every other job would fail alike.
      this.#pause();
      this.#onLog(`${path} could not run as a job: ${String(cause)}`);
    }
  }
}
