import type { Clock } from "../engine/clock.ts";
import type { Run } from "../engine/engine.ts";
import type { LogListener } from "./functions.ts";

/** How many runs can be looked back at. */
const KEPT = 1_000;
/** How long a reader waits for something new. */
const PATIENCE_MS = 10_000;

const KINDS = {
  query: "Query",
  mutation: "Mutation",
  action: "Action",
  httpAction: "HttpAction",
} as const satisfies Record<Run["kind"], string>;

/** A run as `GET /api/stream_function_logs` tells of it. */
export interface LogEntry {
  readonly kind: "Completion";
  readonly udfType: (typeof KINDS)[Run["kind"]];
  readonly identifier: string;
  readonly identityType: Run["identity"];
  readonly logLines: readonly string[];
  /** Seconds since the epoch; no two entries have the same. */
  readonly timestamp: number;
  /** Seconds. */
  readonly executionTime: number;
  readonly cachedResult: false;
  readonly error: string | null;
  readonly success: null;
}

/** The last runs of functions, for whoever follows them; what they printed and how they failed is also a line for the host. */
export class FunctionLog {
  readonly #clock: Clock;
  readonly #onLog: LogListener;
  readonly #kept: { readonly at: number; readonly entry: LogEntry }[] = [];
  readonly #waiting = new Set<() => void>();
  /** Milliseconds since the epoch, with a fraction. */
  #last = 0;
  #isOver = false;

  constructor(clock: Clock, onLog: LogListener) {
    this.#clock = clock;
    this.#onLog = onLog;
  }

  add(run: Run): void {
    for (const line of run.logLines) this.#onLog(`${run.path} ${line}`);
    if (run.errorMessage !== undefined) this.#onLog(`${run.path} failed: ${run.errorMessage}`);
    this.#last = Math.max(run.endedAt, this.#last + 0.001);
    this.#kept.push({ at: this.#last, entry: entryOf(run, this.#last) });
    if (this.#kept.length > 2 * KEPT) this.#kept.splice(0, KEPT);
    this.#wake();
  }

  /**
   * The runs after a cursor, in milliseconds since the epoch; waits some seconds for the first. The cursor 0 asks for where the log
   * stands, and is answered at once with what is kept.
   */
  async after(cursor: number): Promise<{ entries: readonly LogEntry[]; newCursor: number }> {
    if (cursor > 0 && this.#last <= cursor && !this.#isOver) await this.#something();
    const entries = this.#kept.slice(-KEPT).flatMap(({ at, entry }) => (at > cursor ? entry : []));
    this.#last ||= this.#clock.now();
    return { entries, newCursor: Math.max(cursor, this.#last) };
  }

  /** Nobody waits any longer. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async #something(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(PATIENCE_MS, () => wake());
      const wake = () => {
        cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of Array.from(this.#waiting)) wake();
  }
}

function entryOf(run: Run, at: number): LogEntry {
  return {
    kind: "Completion",
    udfType: KINDS[run.kind],
    identifier: run.path,
    identityType: run.identity,
    logLines: run.logLines,
    timestamp: at / 1e3,
    executionTime: (run.endedAt - run.startedAt) / 1e3,
    cachedResult: false,
    error: run.errorMessage ?? null,
    success: null,
  };
}
