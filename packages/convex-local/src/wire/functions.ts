import type {
  Engine,
  FunctionCall,
  FunctionKind,
  MutationOutcome,
  MutationRequest,
  Outcome,
  QueryCall,
  QueryOutcome,
} from "../engine/engine.ts";
import type { SystemQueries } from "./system-queries.ts";

/** What a function printed or how it failed, for whoever runs the server. */
export type LogListener = (line: string) => void;

/** Runs functions for every way in, system queries beside the app's own. */
export class Functions {
  readonly #engine: Engine;
  readonly #systemQueries: SystemQueries;
  readonly #redact: boolean;

  constructor(engine: Engine, systemQueries: SystemQueries, options: { redact: boolean }) {
    this.#engine = engine;
    this.#systemQueries = systemQueries;
    this.#redact = options.redact;
  }

  /** The timestamp up to which every query's answer is true. */
  get latestTs(): bigint {
    return this.#engine.latestTs;
  }

  kindOf(path: string): FunctionKind | undefined {
    return this.#engine.functionKind(path)?.kind;
  }

  /** As the engine knows it. */
  costOf(path: string): number {
    return this.#engine.costOf(path);
  }

  /** Somebody was given an answer that was there already. */
  countShared(): void {
    this.#engine.calls.add("shared");
  }

  query(call: FunctionCall, journal: string | null = null): QueryOutcome {
    return this.#systemQueries.answer(call) ?? this.#engine.query(call, { journal });
  }

  /** The timestamp of the last commit, at which queries can be run for half a minute from now on. */
  pinLatest(): bigint {
    return this.#engine.pinLatest();
  }

  /** Undefined when that state is not kept, or no more. */
  queryAt(call: FunctionCall, ts: bigint): Outcome | undefined {
    return this.#systemQueries.answer(call) ?? this.#engine.queryAt(call, ts);
  }

  /** The same, possibly by another thread: at a commit that is no older than the last one now. */
  ask(call: FunctionCall): QueryOutcome | Promise<QueryOutcome> {
    return this.#systemQueries.answer(call) ?? this.#engine.ask(call);
  }

  /** As the engine does. With a system query among them none has an answer. */
  prepare(
    calls: readonly QueryCall[],
    use: (answers: readonly (QueryOutcome | undefined)[]) => void,
  ): void {
    const isSystem = calls.some(({ call }) => call.path.startsWith("_system/"));
    if (isSystem) use([]);
    else this.#engine.prepare(calls, use);
  }

  /** Rejects only when storage failed; then nothing of the mutation happened. */
  async mutation(call: FunctionCall, request?: MutationRequest): Promise<MutationOutcome> {
    return await this.#engine.mutation(call, request);
  }

  async action(call: FunctionCall): Promise<Outcome> {
    return await this.#engine.action(call);
  }

  /**
   * With redaction a client learns that a function failed and under which request id to ask for it, but neither
   * message nor log lines. `ConvexError` data is meant for clients and always travels.
   */
  publish(outcome: Outcome): Outcome {
    if (!this.#redact) return outcome;
    return outcome.success
      ? { ...outcome, logLines: [] }
      : { ...outcome, errorMessage: headlineOf(outcome.errorMessage), logLines: [] };
  }
}

/** `[Request ID: …] Server Error`, the line above the message itself. */
function headlineOf(errorMessage: string): string {
  return /^\[Request ID: \w+\] Server Error/.exec(errorMessage)?.[0] ?? "Server Error";
}
