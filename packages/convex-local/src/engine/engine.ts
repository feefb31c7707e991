import type { Readable } from "node:stream";
import type { AuthProvider } from "convex/server";
import type { JSONValue } from "convex/values";
import type { ByteRange, FileStore } from "../storage/file-store.ts";
import type { StoreDriver } from "../storage/driver.ts";
import type { Calls } from "./calls.ts";
import type { TrafficCount } from "./traffic.ts";
import type { Clock, RandomSource } from "./clock.ts";
import type { EngineError } from "./errors.ts";
import type { Order } from "./query/query.ts";
import type { PublicKey } from "./signing-key.ts";

/**
 * The seam between the two halves of the runtime: the *engine* (functions, transactions, storage) below,
 * the *wire* (HTTP, sync protocol, scheduler loops) above. The wire never sees SQLite, the engine never sees a socket.
 */

/** Claims of a verified token, as `ctx.auth.getUserIdentity()` returns them (`tokenIdentifier`, `subject`, `issuer`, …). */
export type UserAttributes = { readonly [claim: string]: JSONValue };

/** Who calls, after verification by the wire. Only an admin may call internal functions from outside. */
export type Identity =
  | { readonly kind: "none" }
  | { readonly kind: "user"; readonly attributes: UserAttributes }
  | { readonly kind: "admin"; readonly actingAs?: UserAttributes };

export type FunctionKind = "query" | "mutation" | "action";

/** `path` as clients write it (`dir/module:export`); `args` is one Convex-JSON object. */
export interface FunctionCall {
  readonly path: string;
  readonly args: JSONValue;
  readonly identity: Identity;
  /** `client` reaches public functions only; `internal` is the scheduler, crons and the runtime itself. */
  readonly caller: "client" | "internal";
}

export type Outcome =
  | { readonly success: true; readonly value: JSONValue; readonly logLines: readonly string[] }
  | {
      readonly success: false;
      readonly errorMessage: string;
      /** `ConvexError.data` as Convex JSON. */
      readonly errorData?: JSONValue;
      readonly logLines: readonly string[];
    };

/** Keys with `from` ≤ key < `to`. */
interface KeyInterval {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** What a query consumed, index interval by index interval. */
export interface ReadSet {
  /** By index, sorted and disjoint. */
  intervals(): ReadonlyMap<string, readonly KeyInterval[]>;
  /** Whether the old or new index key of any document that the commit wrote lies in one of the intervals. */
  overlaps(commit: Commit): boolean;
}

/** A query that is asked for, with what its last run left for it. */
export interface QueryCall {
  readonly call: FunctionCall;
  readonly journal: string | null;
}

export type QueryOutcome = Outcome & {
  /** The value as Convex JSON; empty for a failure. */
  readonly text: string;
  /** Commit timestamp (ns since epoch) at which the result is true. */
  readonly ts: bigint;
  readonly journal: string | null;
  readonly reads: ReadSet;
  /** Of documents. */
  readonly bytesRead: number;
  /** Whether `getUserIdentity` was called: only then is the result specific to the caller. */
  readonly observedIdentity: boolean;
  readonly observedTime: boolean;
};

/** `ts` is null on failure: failures are neither committed nor recorded for idempotency. */
export type MutationOutcome = Outcome & { readonly ts: bigint | null };

/** One durable commit: its timestamp and, per index, the keys it removed and added. */
export interface Commit {
  readonly ts: bigint;
  readonly writes: readonly {
    readonly index: string;
    readonly oldKey: Uint8Array | null;
    readonly newKey: Uint8Array | null;
  }[];
}

/** One document that a commit wrote. */
export interface Change {
  readonly table: string;
  readonly id: string;
  /** Convex JSON as text, as it is by now; null once it is deleted. Commits that became durable together show one state. */
  readonly document: string | null;
}

export type { AuthProvider };

/** A public or internal function as analysed from the folder; validators are the JSON that the SDK exports. */
export interface FunctionSpec {
  readonly path: string;
  readonly kind: FunctionKind;
  readonly visibility: "public" | "internal";
  readonly args: JSONValue;
  readonly returns: JSONValue | null;
}

/** One entry of `crons.ts`; `schedule` as the SDK exports it (`{type:"interval", seconds: 30}` …). */
export interface CronSpec {
  readonly name: string;
  readonly path: string;
  readonly args: JSONValue;
  readonly schedule: { readonly type: string } & { readonly [field: string]: JSONValue };
}

/** What survives a restart about one cron. `spec` is whatever text the scheduler uses to see that a spec changed. */
export interface CronState {
  readonly spec: string;
  /** Milliseconds since the epoch. */
  readonly nextRun: number;
}

/** A pending row of `_scheduled_functions`. */
export interface ScheduledJob {
  readonly id: string;
  readonly path: string;
  readonly args: JSONValue;
  /** Milliseconds since the epoch. */
  readonly scheduledTime: number;
}

/** The client's idempotency key: a repeat is answered with the first answer and does not run again. */
export interface MutationRequest {
  readonly sessionId: string;
  readonly requestId: number;
}

/** What the scheduler and cron loops need. Jobs run without an identity. */
export interface SystemTables {
  /** Pending jobs whose time has come, earliest first, without those that are running. */
  dueJobs(now: number, limit: number): readonly ScheduledJob[];
  /** When the earliest pending job that is not running is due, or null. */
  nextJobTime(): number | null;
  /** Called after each commit that added, cancelled or finished jobs. Answers the unsubscription. */
  onJobs(listener: () => void): () => void;
  /**
   * Runs one pending job to its end state. A mutation's effects and its end state are one commit (exactly once); an action is
   * committed as in progress, runs, and then its end is committed (at most once). Resolves to undefined if the job was no
   * longer pending. Rejects only when storage failed: the job may then be tried again, for it is still pending, or what its action
   * came to is not stored yet.
   */
  runJob(id: string): Promise<Outcome | undefined>;
  cronStates(): ReadonlyMap<string, CronState>;
  /** Durable when it resolves; null removes. */
  saveCronStates(changes: ReadonlyMap<string, CronState | null>): Promise<void>;
  /** Runs a cron once; `next` is committed with a mutation's effects, or before an action starts. */
  runCron(cron: CronSpec, next: CronState): Promise<Outcome>;
  /** Removes answers to mutations older than 14 days and finished jobs older than 7. */
  prune(now: number): Promise<void>;
}

/** A file that a client sends. */
export interface Upload {
  readonly token: string;
  readonly contentType: string | null;
  /** The SHA-256 that the client says it has. */
  readonly digest: Uint8Array | null;
  readonly body: AsyncIterable<Uint8Array>;
}

export type Uploaded = { readonly storageId: string } | { readonly refused: "token" | "digest" };

export interface StoredFile {
  readonly size: number;
  /** Base64. */
  readonly sha256: string;
  readonly contentType: string | null;
  /** All of it, or a range that lies within. */
  open(range?: ByteRange): Readable;
}

/** File storage, as clients reach it. */
export interface FileTransfers {
  /** Durable when it resolves with an id. Rejects with FileTooLarge, or when storage or the sender failed; then nothing is kept. */
  receive(upload: Upload): Promise<Uploaded>;
  /** The file under the key of a URL that `ctx.storage.getUrl` gave out. */
  find(key: string): StoredFile | undefined;
}

export interface Environment {
  list(): Readonly<Record<string, string>>;
  /** Null removes. Durable when it resolves; functions see it from then on and reload listeners have run. */
  set(changes: Readonly<Record<string, string | null>>): Promise<void>;
}

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

/** A page of a table, as the owner of a deployment looks at it. */
export interface TablePageRequest {
  readonly table: string;
  readonly order: Order;
  /** Null for the first page, else where the one before ended. */
  readonly cursor: string | null;
  readonly numItems: number;
}

export interface TablePage {
  readonly page: JSONValue[];
  readonly isDone: boolean;
  readonly continueCursor: string;
}

export interface Engine {
  /** Timestamp of the last durable commit, ns since the epoch. Never goes back, not even across restarts. */
  readonly latestTs: bigint;
  functionKind(
    path: string,
  ): { readonly kind: FunctionKind; readonly visibility: "public" | "internal" } | undefined;
  functions(): readonly FunctionSpec[];
  /** Runs synchronously on the last commit. Never throws for what a function does; that is an unsuccessful outcome. */
  query(call: FunctionCall, options?: { readonly journal?: string | null }): QueryOutcome;
  /** The timestamp of the last commit, at which queries can be run for half a minute from now on. */
  pinLatest(): bigint;
  /** A query at an earlier commit. Undefined when that state is not kept, or no more. */
  queryAt(call: FunctionCall, ts: bigint): QueryOutcome | undefined;
  /** The same, possibly by another thread and then later, at a commit that is no older than the last one now. */
  ask(call: FunctionCall): QueryOutcome | Promise<QueryOutcome>;
  /** Milliseconds that a query has cost lately. Zero for one that is not known or has not run, and everywhere in a simulation. */
  costOf(path: string): number;
  /**
   * Many queries, much cheaper than one by one. Calls `use` once, now or later, with answers that are all true at what is then the last
   * commit; what has none is to be asked for again. Never throws.
   */
  prepare(
    calls: readonly QueryCall[],
    use: (answers: readonly (QueryOutcome | undefined)[]) => void,
  ): void;
  /**
   * Resolves only after its commit is durable, or with an unsuccessful outcome if the function failed.
   * Rejects only when storage failed: nothing of it is then stored.
   */
  mutation(call: FunctionCall, request?: MutationRequest): Promise<MutationOutcome>;
  action(call: FunctionCall): Promise<Outcome>;
  /** Undefined when `http.ts` routes no such method and path. What a handler throws is answered with a 500. */
  httpAction(request: Request, identity: Identity): Promise<Response | undefined>;
  /** Called after each durable commit, in commit order. Answers the unsubscription. */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Called after each run of a function, with what it printed. Answers the unsubscription. */
  onRun(listener: (run: Run) => void): () => void;
  /** Called after new functions, or new environment variables, have taken over: every earlier result is out of date. */
  onReload(listener: () => void): () => void;
  /** `auth.config.ts`, evaluated with the present environment variables. */
  authProviders(): readonly AuthProvider[];
  crons(): readonly CronSpec[];
  /** The names of the app's tables. */
  tableNames(): readonly string[];
  /** How many documents a table holds; none for one that does not exist. */
  tableSize(table: string): number;
  /** What a table holds at the last commit, for the deployment's owner. Throws a DeveloperError for a cursor of another table. */
  tablePage(request: TablePageRequest): TablePage;
  readonly system: SystemTables;
  readonly environment: Environment;
  readonly files: FileTransfers;
  readonly calls: Calls;
  readonly traffic: TrafficCount;
  /** With what the tokens can be verified that functions of this deployment signed. */
  publicKeys(): readonly PublicKey[];
  /** Waits for running actions up to a second, then closes the store. */
  close(): Promise<void>;
  /**
   * Ends as the death of the process would: nothing that runs goes on, nobody is answered any more, nothing is written. What it
   * had promised to answer stays unsettled for ever.
   */
  abandon(): void;
  /** Every document of a table as Convex JSON text, oldest first, at the last commit. */
  documents(table: string): readonly string[];
  changesOf(commit: Commit): readonly Change[];
}

export interface EngineOptions {
  /** The Convex functions folder. */
  readonly functions: string;
  /** A directory (created 0700) or `:memory:`. */
  readonly data: string;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /** Variables that functions see in `process.env`, over the stored ones (`CONVEX_SITE_URL` …). Never the host's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Wall-clock milliseconds that one query or mutation may take, database included (default 5000). */
  readonly timeout?: number;
  /**
   * The share of mutations, from 0 to 1, that are run once for nothing before they count. Convex runs a mutation again after a
   * conflict, so this finds code that relies on running once: module state, say. For tests.
   */
  readonly rerunMutations?: number;
  /**
   * How many threads may run queries beside the engine's own: one less than this computer has cores and at most 4 unless told
   * otherwise, none with 0. They need data on disk and the host's own clock, randomness and SQLite; without these there are none.
   */
  readonly queryWorkers?: number;
  /** Query workers are there from the first query on and run all they can, whatever it brings. For tests. */
  readonly forceQueryWorkers?: boolean;
  /** Something that the owner of the deployment should know, in one line. */
  readonly onLog?: (line: string) => void;
  /** Load again when the folder changes. */
  readonly watch?: boolean;
  /** A folder that does not compile or fit its data after the first load: the last good one goes on serving. */
  readonly onBroken?: (error: EngineError) => void;
  /** A changed folder has taken over; `wasBroken` if the one before it did not load. */
  readonly onReload?: (event: { readonly wasBroken: boolean }) => void;
  /** Opens the store; faults are injected here. */
  readonly openDriver?: (path: string) => StoreDriver;
  /** Where the bytes of files lie when `data` is `:memory:`. */
  readonly bytes?: FileStore;
  /** What actions find under these names instead of the host's own: timers, crypto, network. */
  readonly globals?: Readonly<Record<string, unknown>>;
}
