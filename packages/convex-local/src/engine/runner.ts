import type { JSONValue } from "convex/values";
import type { Guard } from "../realm/guard.ts";
import type { Store } from "../storage/store.ts";
import type { Catalog } from "./catalog.ts";
import { Calls } from "./calls.ts";
import type { Clock, RandomSource } from "./clock.ts";
import { type Committer, TimedOut, Undo } from "./committer.ts";
import type {
  FunctionCall,
  FunctionKind,
  Identity,
  MutationOutcome,
  MutationRequest,
  Outcome,
  QueryOutcome,
} from "./engine.ts";
import { Execution } from "./execution.ts";
import { DeveloperError } from "./failure.ts";
import type { Files } from "./files.ts";
import type { FunctionDefinition, Functions } from "./functions.ts";
import { failed, identityKey, succeeded } from "./outcome.ts";
import type { Cursors } from "./query/cursor.ts";
import { Reads } from "./reads.ts";
import { Runs } from "./runs.ts";
import type { SigningKey } from "./signing-key.ts";
import type { Snapshot } from "./snapshots.ts";
import { Transaction } from "./transaction.ts";

export interface RunnerParts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly committer: Committer;
  readonly cursors: Cursors;
  readonly files: Files;
  readonly signingKey: SigningKey;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly guard: Guard;
  /** Of how many mutations, from 0 to 1, a first run is thrown away. */
  readonly rerunMutations: number;
  /** The functions that serve now. */
  functions(): Functions;
}

/** Runs queries at the last commit and mutations through the committer. */
export class Runner {
  readonly parts: RunnerParts;
  readonly calls = new Calls();
  readonly runs: Runs;

  constructor(parts: RunnerParts) {
    this.parts = parts;
    this.runs = new Runs(() => parts.clock.now());
  }

  /** Throws for what this caller may not reach, in the same words as for what does not exist. */
  resolve(call: FunctionCall, kind: FunctionKind): FunctionDefinition {
    const definition = this.parts.functions().find(call.path);
    const reachesInternal = call.caller === "internal" || call.identity.kind === "admin";
    if (definition === undefined || (definition.visibility === "internal" && !reachesInternal)) {
      throw new DeveloperError(`Could not find public function for '${call.path}'.`);
    }
    if (definition.kind !== kind) {
      throw new DeveloperError(
        `Trying to run ${call.path} as a ${kind}, but it is a ${definition.kind}.`,
      );
    }
    return definition;
  }

  /** At the last commit, unless an earlier state is given. */
  query(call: FunctionCall, journal: string | null, at?: Snapshot): QueryOutcome {
    this.calls.add("query");
    const begin = this.runs.begin("query", call.path, call.identity);
    const reads = new Reads();
    const { committer, random, clock } = this.parts;
    const { store, catalog } = at ?? this.parts;
    const ts = at?.ts ?? committer.latestTs;
    const now = clock.now();
    const creationTimes = { next: () => now };
    const transaction = new Transaction({ store, catalog, random, now, ts, creationTimes, reads });
    const execution = this.#execution(transaction, call.identity, ts, journal);
    let outcome: Outcome;
    try {
      const definition = this.resolve(call, "query");
      const done = this.parts.guard.within(() => execution.run(definition, call.args));
      if (done === undefined) throw this.tooSlow(call);
      outcome = succeeded(done.result, execution.logs.lines);
    } catch (error) {
      outcome = failed(error, execution.logs.lines, random);
    }
    this.runs.ended(begin, outcome);
    const { observedIdentity, observedTime } = execution;
    return { ...outcome, ts, journal: execution.journal, reads, observedIdentity, observedTime };
  }

  /** Queries that are wanted together, at one timestamp, for the price of one guard. */
  queries(
    calls: readonly { readonly call: FunctionCall; readonly journal: string | null }[],
  ): QueryOutcome[] {
    const all = () => calls.map(({ call, journal }) => this.query(call, journal));
    return this.parts.guard.within(all)?.result ?? all();
  }

  async mutation(call: FunctionCall, request?: MutationRequest): Promise<MutationOutcome> {
    try {
      const { value } = await this.parts.committer.submit((transaction) =>
        this.#answer(transaction, call, request),
      );
      return value;
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      return { ...this.killed(call), ts: null };
    }
  }

  /** What came of a mutation that was ended for taking too long. */
  killed(call: FunctionCall): Outcome {
    const outcome = failed(this.tooSlow(call), [], this.parts.random);
    this.runs.ended(this.runs.begin("mutation", call.path, call.identity), outcome);
    return outcome;
  }

  tooSlow({ path }: FunctionCall): DeveloperError {
    return new DeveloperError(
      `Function ${path} timed out: it may run for ${this.parts.guard.timeout} ms.`,
    );
  }

  #answer(
    transaction: Transaction,
    call: FunctionCall,
    request: MutationRequest | undefined,
  ): MutationOutcome {
    const repeated = request === undefined ? undefined : this.#storedAnswer(call.identity, request);
    if (repeated !== undefined) return repeated;
    const outcome = this.mutate(transaction, call);
    if (!outcome.success) throw new Undo<MutationOutcome>({ ...outcome, ts: null });
    const own = { ...outcome, ts: transaction.parts.ts };
    if (request !== undefined) this.#keepAnswer(call.identity, request, own, transaction.parts.now);
    return own;
  }

  /** Runs a mutation in a transaction of the committer. Its caller decides what becomes of the writes of a failed one. */
  mutate(transaction: Transaction, call: FunctionCall, jobId?: string): Outcome {
    this.calls.add("mutation");
    if (this.#isRerun()) transaction.discard(() => void this.#mutateOnce(transaction, call, jobId));
    const begin = this.runs.begin("mutation", call.path, call.identity);
    const outcome = this.#mutateOnce(transaction, call, jobId);
    this.runs.ended(begin, outcome);
    return outcome;
  }

  /** As after a conflict with another writer, of which this runtime has none by itself. */
  #isRerun(): boolean {
    const { rerunMutations, random } = this.parts;
    return (
      rerunMutations > 0 && Buffer.from(random.bytes(2)).readUInt16BE() < rerunMutations * 65_536
    );
  }

  #mutateOnce(transaction: Transaction, call: FunctionCall, jobId: string | undefined): Outcome {
    const execution = this.#execution(
      transaction,
      call.identity,
      this.parts.committer.latestTs,
      null,
      jobId,
    );
    try {
      const text = execution.run(this.resolve(call, "mutation"), call.args);
      return succeeded(text, execution.logs.lines);
    } catch (error) {
      return failed(error, execution.logs.lines, this.parts.random);
    }
  }

  #execution(
    transaction: Transaction,
    identity: Identity,
    snapshotTs: bigint,
    journal: string | null,
    jobId?: string,
  ): Execution {
    const { cursors, files, signingKey, clock, random } = this.parts;
    const functions = this.parts.functions();
    const parts = {
      functions,
      transaction,
      identity,
      cursors,
      files,
      signingKey,
      clock,
      random,
      snapshotTs,
      journal,
    };
    return new Execution(jobId === undefined ? parts : { ...parts, jobId });
  }

  #storedAnswer(
    identity: Identity,
    { sessionId, requestId }: MutationRequest,
  ): MutationOutcome | undefined {
    const stored = this.parts.store.answer(sessionId, requestId);
    if (stored === undefined) return undefined;
    if (stored.identity !== identityKey(identity)) {
      const error = new DeveloperError("This request was made by someone else.");
      return { ...failed(error, [], this.parts.random), ts: null };
    }
    const { value, logLines, ts } = stored;
    return { success: true, value: value as JSONValue, logLines, ts: BigInt(ts) };
  }

  #keepAnswer(
    identity: Identity,
    { sessionId, requestId }: MutationRequest,
    outcome: Outcome & { success: true; ts: bigint },
    now: number,
  ): void {
    this.parts.store.addAnswer(sessionId, requestId, now, {
      ts: String(outcome.ts),
      value: outcome.value,
      logLines: outcome.logLines,
      identity: identityKey(identity),
    });
  }
}
