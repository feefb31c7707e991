import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import type { QueryCall } from "../engine.ts";
import type { WorkerAnswer, WorkerReport, WorkerStart } from "./message.ts";

/** A source file here, JavaScript in the published package. */
const ENTRY = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
/** Milliseconds beyond the timeout of a query after which a worker that is silent is stuck where no guard reaches. */
const GRACE = 3_000;

interface Asked {
  readonly answers: WorkerAnswer[];
  readonly resolve: (answers: readonly WorkerAnswer[]) => void;
}

/** One query worker as the engine's thread sees it. It is asked for one batch at a time. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #onLost: (reason: string) => void;
  #asked: Asked | undefined;
  #cancel: () => void = () => {};
  #isReady = false;
  #isOver = false;
  #reason = "it stopped";
  #usedAt: number;

  /** `onLost` is called when it ends without having been told to. */
  constructor(start: WorkerStart, clock: Clock, onLost: (reason: string) => void) {
    this.#clock = clock;
    this.#patience = start.timeout + GRACE;
    this.#usedAt = clock.now();
    this.#worker = new Worker(ENTRY, { workerData: start });
    this.#worker.unref();
    this.#worker.on("message", (report: WorkerReport) => this.#hear(report));
    this.#worker.on("error", (error) => {
      this.#reason = error instanceof Error ? error.message : String(error);
    });
    this.#onLost = onLost;
    this.#worker.on("exit", () => this.#lose());
  }

  /** Whether it has nothing to do. */
  get isIdle(): boolean {
    return !this.#isOver && this.#asked === undefined;
  }

  /** Whether it has loaded the functions, so that it begins at once. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** When it last had something to do, in milliseconds since the epoch. */
  get usedAt(): number {
    return this.#asked === undefined ? this.#usedAt : this.#clock.now();
  }

  /** Resolves to its answers; to those that had come, if it ends before. Only while it is idle. */
  ask(calls: readonly QueryCall[]): Promise<readonly WorkerAnswer[]> {
    const { promise, resolve } = Promise.withResolvers<readonly WorkerAnswer[]>();
    this.#asked = { answers: [], resolve };
    this.#wait();
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(calls);
    } catch {
      // Something that cannot be sent: only this thread can run it.
      this.#settle();
    }
    return promise;
  }

  /** Resolves when the thread is gone. What was asked of it is answered with what there is. */
  async end(): Promise<void> {
    this.#leave();
    await this.#worker.terminate();
  }

  #hear({ answers, isLast }: WorkerReport): void {
    this.#isReady = true;
    if (this.#asked === undefined) return;
    this.#asked.answers.push(...answers);
    if (isLast) this.#settle();
    else this.#wait();
  }

  /** One that says nothing for too long is ended from outside. */
  #wait(): void {
    this.#cancel();
    if (this.#patience === Infinity) return;
    this.#cancel = this.#clock.after(this.#patience, () => {
      this.#reason = "it did not answer";
      // Before it ends: a guard that is broken off may still say that its time is over.
      this.#lose();
      void this.#worker.terminate();
    });
  }

  #settle(): void {
    this.#cancel();
    this.#usedAt = this.#clock.now();
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.resolve(asked.answers);
  }

  #lose(): void {
    if (this.#isOver) return;
    this.#leave();
    this.#onLost(this.#reason);
  }

  #leave(): void {
    this.#isOver = true;
    this.#settle();
  }
}
