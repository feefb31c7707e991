import type { AuthProvider } from "convex/server";
import type { JSONValue } from "convex/values";
import type { Bundle } from "../bundle/bundle.ts";
import { Actions } from "./actions.ts";
import { tableNames, tablePage, tableSize } from "./browse.ts";
import type { Calls } from "./calls.ts";
import type { TrafficCount } from "./traffic.ts";
import { changesOf, documentsOf } from "./changes.ts";
import type {
  Change,
  Commit,
  CronSpec,
  Engine,
  Environment,
  FunctionCall,
  FunctionSpec,
  Identity,
  MutationOutcome,
  MutationRequest,
  Outcome,
  QueryCall,
  QueryOutcome,
  Run,
  TablePage,
  TablePageRequest,
} from "./engine.ts";
import type { Functions } from "./functions.ts";
import type { Files } from "./files.ts";
import { Listeners } from "./listeners.ts";
import { Queries, type Sharing } from "./sharing/queries.ts";
import { Runner, type RunnerParts } from "./runner.ts";
import type { Serving } from "./sharing/sharing.ts";
import type { PublicKey } from "./signing-key.ts";
import type { Snapshots } from "./snapshots.ts";
import { System } from "./system.ts";

export interface LocalEngineParts extends Omit<RunnerParts, "functions"> {
  readonly bundle: Bundle;
  readonly functions: Functions;
  /** Evaluates a bundle and makes the store fit it. When it throws, nothing has changed. */
  load(bundle: Bundle, environment: Readonly<Record<string, string>>): Functions;
  readonly snapshots: Snapshots;
  /** How queries are shared with other threads, if they are. */
  readonly sharing: (serving: Serving) => Sharing | undefined;
  /** Closes the store and lets the data directory go. */
  release(): void;
}

const PATIENCE_AT_CLOSE = 1_000;

/** The engine on one SQLite connection in this thread. */
export class LocalEngine implements Engine {
  readonly system: System;
  readonly environment: Environment;
  readonly files: Files;
  readonly #parts: LocalEngineParts;
  readonly #runner: Runner;
  readonly #queries: Queries;
  readonly #actions: Actions;
  readonly #reloads = new Listeners();
  #bundle: Bundle;
  #functions: Functions;
  #stopWatching: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(parts: LocalEngineParts) {
    this.#parts = parts;
    this.#bundle = parts.bundle;
    this.#functions = parts.functions;
    this.files = parts.files;
    const functions = () => this.#functions;
    const sharing = parts.sharing({ functions, realm: () => this.#bundle.realm });
    this.#runner = new Runner({ ...parts, functions, costs: sharing?.costs });
    this.#queries = new Queries(this.#runner, parts.committer, sharing);
    this.#actions = new Actions(this.#runner, this.#queries);
    this.system = new System(this.#runner, this.#actions);
    this.environment = {
      list: () => parts.store.environment(),
      set: (changes) => this.#setEnvironment(changes),
    };
  }

  get calls(): Calls {
    return this.#runner.calls;
  }

  get traffic(): TrafficCount {
    return this.#runner.traffic;
  }

  get latestTs(): bigint {
    return this.#parts.committer.latestTs;
  }

  /** What the functions in service were bundled from. */
  get inputs(): readonly string[] {
    return this.#bundle.inputs;
  }

  functionKind(path: string) {
    return this.#functions.find(path);
  }

  functions(): FunctionSpec[] {
    return Array.from(this.#functions.all(), ({ path, kind, visibility, args, returns }) => ({
      path,
      kind,
      visibility,
      args: args as JSONValue,
      returns: returns as JSONValue,
    }));
  }

  query(call: FunctionCall, options: { readonly journal?: string | null } = {}): QueryOutcome {
    return this.#runner.query(call, options.journal ?? null);
  }

  pinLatest(): bigint {
    this.#parts.snapshots.pin(this.latestTs);
    return this.latestTs;
  }

  queryAt(call: FunctionCall, ts: bigint): QueryOutcome | undefined {
    if (ts === this.latestTs) return this.query(call);
    const snapshot = this.#parts.snapshots.find(ts);
    return snapshot === undefined ? undefined : this.#runner.query(call, null, snapshot);
  }

  ask(call: FunctionCall): QueryOutcome | Promise<QueryOutcome> {
    return this.#queries.one(call);
  }

  costOf(path: string): number {
    return this.#queries.costOf(path);
  }

  prepare(
    calls: readonly QueryCall[],
    use: (answers: readonly (QueryOutcome | undefined)[]) => void,
  ): void {
    this.#queries.prepare(calls, use);
  }

  mutation(call: FunctionCall, request?: MutationRequest): Promise<MutationOutcome> {
    return this.#runner.mutation(call, request);
  }

  action(call: FunctionCall): Promise<Outcome> {
    return this.#actions.action(call);
  }

  httpAction(request: Request, identity: Identity): Promise<Response | undefined> {
    return this.#actions.httpAction(request, identity);
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    return this.#parts.committer.onCommit(listener);
  }

  onRun(listener: (run: Run) => void): () => void {
    return this.#runner.runs.onEach(listener);
  }

  onReload(listener: () => void): () => void {
    return this.#reloads.add(listener);
  }

  publicKeys(): PublicKey[] {
    return this.#parts.signingKey.publicKeys();
  }

  tableNames(): string[] {
    return tableNames(this.#runner.parts);
  }

  tableSize(table: string): number {
    return tableSize(this.#runner.parts, table);
  }

  tablePage(request: TablePageRequest): TablePage {
    return tablePage(this.#runner.parts, request);
  }

  authProviders(): readonly AuthProvider[] {
    return this.#functions.authProviders;
  }

  crons(): readonly CronSpec[] {
    return this.#functions.crons;
  }

  /** Ends what a crash left open. Once, before anything else runs. */
  async recover(): Promise<void> {
    this.files.sweep();
    await this.#parts.committer.submit((transaction) => this.system.failInterrupted(transaction));
  }

  /** Serves a new bundle from now on; what runs finishes on the old one. Throws, unchanged, if it does not load or fit the data. */
  takeOver(bundle: Bundle): void {
    if (this.#closing !== undefined) return;
    const functions = this.#load(bundle, this.#parts.store.environment());
    this.#bundle = bundle;
    this.#serve(functions);
  }

  followWith(stopWatching: () => void): void {
    this.#stopWatching = stopWatching;
  }

  documents(table: string): string[] {
    return documentsOf(this.#parts.store, this.#parts.catalog, table);
  }

  changesOf(commit: Commit): Change[] {
    return changesOf(this.#parts.store, this.#parts.catalog, commit);
  }

  abandon(): void {
    this.#closing ??= new Promise(() => {});
    this.#stopWatching();
    this.#actions.abandon();
    void this.#queries.close();
    this.#parts.committer.abandon();
    this.#parts.snapshots.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopWatching();
    await this.#actions.settle(PATIENCE_AT_CLOSE);
    await this.#queries.close();
    this.#parts.committer.close();
    this.#parts.snapshots.close();
    this.#parts.release();
  }

  /** Modules read variables while they are imported, so they are imported again; if they then fail, nothing is changed. */
  async #setEnvironment(changes: Readonly<Record<string, string | null>>): Promise<void> {
    const next = { ...this.#parts.store.environment() };
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) delete next[name];
      else next[name] = value;
    }
    const bundle = this.#bundle;
    const functions = this.#load(bundle, next);
    await this.#parts.committer.submit(() => {
      for (const [name, value] of Object.entries(changes))
        this.#parts.store.setVariable(name, value);
    });
    const isSuperseded = this.#bundle !== bundle;
    this.#serve(isSuperseded ? this.#load(this.#bundle, next) : functions);
  }

  /** The indexes may be others from now on. */
  #load(bundle: Bundle, environment: Readonly<Record<string, string>>): Functions {
    const functions = this.#parts.load(bundle, environment);
    this.#queries.renew();
    return functions;
  }

  #serve(functions: Functions): void {
    this.#functions = functions;
    this.#queries.renew();
    this.#reloads.call();
  }
}
