import type { Identity, Run } from "./engine.ts";
import { Listeners } from "./listeners.ts";

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
    this.tell({ ...begin, endedAt: this.#now(), logLines, errorMessage });
  }

  /** Of a run that has ended elsewhere. */
  tell(run: Run): void {
    this.#listeners.call(run);
  }

  /** What is to be told of a call that begins now. */
  begin(kind: Run["kind"], path: string, identity: Identity): RunBegin {
    return { path, kind, identity: identity.kind, startedAt: this.#now() };
  }
}
