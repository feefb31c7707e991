import type { JSONValue } from "convex/values";
import type { RandomSource } from "../engine/clock.ts";
import type {
  Engine,
  FunctionCall,
  FunctionKind,
  MutationOutcome,
  MutationRequest,
  Outcome,
  QueryOutcome,
} from "../engine/engine.ts";
import type { SystemQueries } from "./system-queries.ts";

/** What a function printed or how it failed, for whoever runs the server. */
export type LogListener = (line: string) => void;

/** An outcome as a client may see it. */
export type PublicOutcome =
  | { readonly success: true; readonly value: JSONValue; readonly logLines: readonly string[] }
  | {
      readonly success: false;
      readonly errorMessage: string;
      readonly errorData?: JSONValue;
      readonly logLines: readonly string[];
    };

/** Runs functions for every way in: system queries beside the app's own, a log line for each that fails. */
export class Functions {
  readonly #engine: Engine;
  readonly #systemQueries: SystemQueries;
  readonly #random: RandomSource;
  readonly #redact: boolean;
  readonly #onLog: LogListener;

  constructor(
    engine: Engine,
    systemQueries: SystemQueries,
    options: { random: RandomSource; redact: boolean; onLog: LogListener },
  ) {
    this.#engine = engine;
    this.#systemQueries = systemQueries;
    this.#random = options.random;
    this.#redact = options.redact;
    this.#onLog = options.onLog;
  }

  /** The timestamp up to which every query's answer is true. */
  get latestTs(): bigint {
    return this.#engine.latestTs;
  }

  kindOf(path: string): FunctionKind | undefined {
    return this.#engine.functionKind(path)?.kind;
  }

  query(call: FunctionCall, journal: string | null = null): QueryOutcome {
    const outcome = this.#systemQueries.answer(call) ?? this.#engine.query(call, { journal });
    this.#log(call, outcome);
    return outcome;
  }

  /** Rejects only when storage failed; then nothing of the mutation happened. */
  async mutation(call: FunctionCall, request?: MutationRequest): Promise<MutationOutcome> {
    const outcome = await this.#engine.mutation(call, request);
    this.#log(call, outcome);
    return outcome;
  }

  async action(call: FunctionCall): Promise<Outcome> {
    const outcome = await this.#engine.action(call);
    this.#log(call, outcome);
    return outcome;
  }

  /**
   * With redaction a client learns that a function failed and under which request id to ask for it, but neither
   * message nor log lines. `ConvexError` data is meant for clients and always travels.
   */
  publish(outcome: Outcome): PublicOutcome {
    const logLines = this.#redact ? [] : outcome.logLines;
    if (outcome.success) return { success: true, value: outcome.value, logLines };
    const headline = `[Request ID: ${Buffer.from(this.#random.bytes(8)).toString("hex")}] Server Error`;
    const errorMessage = this.#redact ? headline : `${headline}\n${outcome.errorMessage}`;
    return outcome.errorData === undefined
      ? { success: false, errorMessage, logLines }
      : { success: false, errorMessage, errorData: outcome.errorData, logLines };
  }

  #log({ path }: FunctionCall, outcome: Outcome): void {
    for (const line of outcome.logLines) this.#onLog(`${path} ${line}`);
    if (!outcome.success) this.#onLog(`${path} failed: ${outcome.errorMessage}`);
  }
}
