import type { FunctionKind, Identity } from "./engine.ts";
import { Listeners } from "./listeners.ts";

/** One run of a function from outside, a job, a cron or an action, with all that it called in its own transaction. */
export interface Run {
  /** `dir/mod:fn`, as it was asked for; of an http action its method and route. */
  readonly path: string;
  readonly kind: FunctionKind | "httpAction";
  readonly identity: Identity["kind"];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly logLines: readonly string[];
  /** Undefined when it succeeded. */
  readonly errorMessage: string | undefined;
}

/** What an Outcome says, too. */
interface RunEnd {
  readonly logLines: readonly string[];
  readonly errorMessage?: string;
}

type RunBegin = Omit<Run, "endedAt" | "logLines" | "errorMessage">;

/** Tells of every run when it has ended. What a mutation has logged is told even if its commit then fails: it did run. */
export class Runs {
  readonly #listeners = new Listeners<Run>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Answers the unsubscription. */
  onEach(listener: (run: Run) => void): () => void {
    return this.#listeners.add(listener);
  }

  ended(begin: RunBegin, { logLines, errorMessage }: RunEnd): void {
    this.#listeners.call({ ...begin, endedAt: this.#now(), logLines, errorMessage });
  }

  /** What is to be told of a call that begins now. */
  begin(kind: Run["kind"], path: string, identity: Identity): RunBegin {
    return { path, kind, identity: identity.kind, startedAt: this.#now() };
  }
}
