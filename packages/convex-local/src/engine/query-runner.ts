import type { Guard } from "../realm/guard.ts";
import type { Clock, RandomSource } from "./clock.ts";
import type { FunctionCall, Outcome, QueryOutcome } from "./engine.ts";
import { Execution } from "./execution.ts";
import { tooSlow } from "./failure.ts";
import type { Files } from "./files.ts";
import type { Functions } from "./functions.ts";
import { answered, failed } from "./outcome.ts";
import type { Cursors } from "./query/cursor.ts";
import { Reads } from "./reads.ts";
import { reachable } from "./reachable.ts";
import type { SigningKey } from "./signing-key.ts";
import type { Snapshot } from "./snapshots.ts";
import { Transaction } from "./transaction.ts";

export interface QueryRunnerParts {
  readonly cursors: Cursors;
  readonly files: Files;
  readonly signingKey: SigningKey;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly guard: Guard;
  /** The functions that serve now. */
  functions(): Functions;
}

/** Runs queries on a state of the database: the same code in the engine's own thread and in those of its workers. */
export class QueryRunner {
  readonly #parts: QueryRunnerParts;

  constructor(parts: QueryRunnerParts) {
    this.#parts = parts;
  }

  /** Throws only what is no function's fault. */
  run(call: FunctionCall, journal: string | null, { ts, store, catalog }: Snapshot): QueryOutcome {
    const { random, clock, guard } = this.#parts;
    const functions = this.#parts.functions();
    const reads = new Reads();
    const now = clock.now();
    const creationTimes = { next: () => now };
    const parts = { store, catalog, random, now, ts, creationTimes, reads };
    const transaction = new Transaction(parts);
    const execution = new Execution({
      ...this.#parts,
      functions,
      transaction,
      identity: call.identity,
      snapshotTs: ts,
      journal,
    });
    let outcome: Outcome & { readonly text: string };
    try {
      const definition = reachable(functions, call, "query");
      const done = guard.within(() => execution.run(definition, call.args));
      if (done === undefined) throw tooSlow(call, guard.timeout);
      outcome = answered(done.result, execution.logs.lines);
    } catch (error) {
      outcome = { ...failed(error, execution.logs.lines, random), text: "" };
    }
    const { observedIdentity, observedTime } = execution;
    // Not spread: the value is read from its text only when somebody wants it.
    return Object.assign(outcome, {
      ts,
      journal: execution.journal,
      reads,
      bytesRead: transaction.usage.traffic.bytesRead,
      observedIdentity,
      observedTime,
    });
  }
}
