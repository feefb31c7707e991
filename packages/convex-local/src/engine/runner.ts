import type { JSONValue } from "convex/values";
import type { Store } from "../storage/store.ts";
import type { Catalog } from "./catalog.ts";
import { Calls } from "./calls.ts";
import { type Committer, TimedOut, Undo } from "./committer.ts";
import type {
  FunctionCall,
  Identity,
  MutationOutcome,
  MutationRequest,
  Outcome,
  QueryCall,
  QueryOutcome,
  Run,
} from "./engine.ts";
import { Execution } from "./execution.ts";
import { DeveloperError, tooSlow } from "./failure.ts";
import { failed, identityKey, succeeded } from "./outcome.ts";
import type { QueryCosts } from "./sharing/costs.ts";
import { QueryRunner, type QueryRunnerParts } from "./query-runner.ts";
import { reachable } from "./reachable.ts";
import { Runs } from "./runs.ts";
import type { Snapshot } from "./snapshots.ts";
import { type Traffic, TrafficCount } from "./traffic.ts";
import { Transaction } from "./transaction.ts";

export interface RunnerParts extends QueryRunnerParts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly committer: Committer;
  /** Of how many mutations, from 0 to 1, a first run is thrown away. */
  readonly rerunMutations: number;
  /** Where to note what queries cost, if anybody wants to know. */
  readonly costs?: QueryCosts | undefined;
}

/** Milliseconds since the epoch. */
type RunTimes = Pick<Run, "startedAt" | "endedAt">;

/** Runs queries at the last commit and mutations through the committer. */
export class Runner {
  readonly parts: RunnerParts;
  readonly calls = new Calls();
  readonly traffic = new TrafficCount();
  readonly runs: Runs;
  readonly #queries: QueryRunner;

  constructor(parts: RunnerParts) {
    this.parts = parts;
    this.#queries = new QueryRunner(parts);
    this.runs = new Runs(() => parts.clock.now());
  }

  /** At the last commit, unless an earlier state is given. */
  query(call: FunctionCall, journal: string | null, at?: Snapshot): QueryOutcome {
    this.calls.add("query");
    const begin = this.runs.begin("query", call.path, call.identity);
    const began = performance.now();
    const outcome = this.#queries.run(call, journal, at ?? this.#present());
    this.parts.costs?.add(call.path, performance.now() - began);
    this.traffic.add({ bytesRead: outcome.bytesRead, bytesWritten: 0 });
    this.runs.ended(begin, outcome);
    return outcome;
  }

  /** A query was run by a worker. */
  ranElsewhere({ path, identity }: FunctionCall, outcome: QueryOutcome, times: RunTimes): void {
    this.calls.add("query");
    this.traffic.add({ bytesRead: outcome.bytesRead, bytesWritten: 0 });
    const { startedAt, endedAt } = times;
    const { logLines } = outcome;
    const errorMessage = outcome.success ? undefined : outcome.errorMessage;
    const about = { path, kind: "query", identity: identity.kind } as const;
    this.runs.tell({ ...about, startedAt, endedAt, logLines, errorMessage });
  }

  /** Queries that are wanted together, at one timestamp, for the price of one guard. */
  queries(calls: readonly QueryCall[]): QueryOutcome[] {
    const all = () => calls.map(({ call, journal }) => this.query(call, journal));
    if (calls.length < 2) return all();
    return this.parts.guard.within(all)?.result ?? all();
  }

  #present(): Snapshot {
    const { store, catalog, committer } = this.parts;
    return { ts: committer.latestTs, store, catalog };
  }

  /** `jobId` names the scheduled job whose action asks for it. */
  async mutation(
    call: FunctionCall,
    request?: MutationRequest,
    jobId?: string,
  ): Promise<MutationOutcome> {
    try {
      const { value } = await this.parts.committer.submit((transaction) =>
        this.#answer(transaction, call, request, jobId),
      );
      return value;
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      return { ...this.killed(call), ts: null };
    }
  }

  /** What came of a mutation that was ended for taking too long. */
  killed(call: FunctionCall): Outcome {
    const outcome = failed(tooSlow(call, this.parts.guard.timeout), [], this.parts.random);
    this.runs.ended(this.runs.begin("mutation", call.path, call.identity), outcome);
    return outcome;
  }

  #answer(
    transaction: Transaction,
    call: FunctionCall,
    request: MutationRequest | undefined,
    jobId: string | undefined,
  ): MutationOutcome {
    const repeated = request === undefined ? undefined : this.#storedAnswer(call.identity, request);
    if (repeated !== undefined) return repeated;
    const outcome = this.mutate(transaction, call, jobId);
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
    const before = transaction.usage.traffic;
    const outcome = this.#mutateOnce(transaction, call, jobId);
    this.traffic.add(grown(before, transaction.usage.traffic));
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
    const execution = this.#execution(transaction, call.identity, jobId);
    try {
      const text = execution.run(reachable(this.parts.functions(), call, "mutation"), call.args);
      return succeeded(text, execution.logs.lines);
    } catch (error) {
      return failed(error, execution.logs.lines, this.parts.random);
    }
  }

  #execution(transaction: Transaction, identity: Identity, jobId: string | undefined): Execution {
    const parts = {
      ...this.parts,
      functions: this.parts.functions(),
      transaction,
      identity,
      snapshotTs: this.parts.committer.latestTs,
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

/** One transaction may run several functions. */
function grown(before: Traffic, after: Traffic): Traffic {
  return {
    bytesRead: after.bytesRead - before.bytesRead,
    bytesWritten: after.bytesWritten - before.bytesWritten,
  };
}
