import type { JSONValue } from "convex/values";
import type { Clock } from "../engine/clock.ts";
import type { Commit, FunctionCall, Identity, Outcome, QueryOutcome } from "../engine/engine.ts";
import type { Functions } from "../wire/functions.ts";
import { Watchers } from "./watchers.ts";

/** How long a result that read the clock may be handed to newcomers. */
const TIMED_RESULT_MS = 5_000;

export interface QueryRequest {
  readonly path: string;
  readonly args: JSONValue;
  readonly journal: string | null;
  readonly identity: Identity;
}

/** One run of a query, shared by all subscriptions that would get the same answer. */
export interface SharedQuery {
  /** All that a client sees except the request id of a failure: equal texts are the same answer. */
  readonly fingerprint: string;
  /** The fields of the modification after its `queryId`, as JSON text without braces: serialised once for all. */
  readonly fields: string;
  readonly type: "QueryUpdated" | "QueryFailed";
  readonly journal: string | null;
}

interface Entry extends SharedQuery {
  readonly key: string;
  readonly outcome: QueryOutcome;
  readonly ranAt: number;
  readonly subscribers: Set<() => void>;
}

/**
 * Runs each subscribed query once per commit that touches what it read, however many sockets watch it.
 * An entry in here is true at the latest commit: a commit that overlaps it takes it out before anyone looks again.
 */
export class SharedQueries {
  readonly #functions: Functions;
  readonly #clock: Clock;
  readonly #byKey = new Map<string, Entry>();
  /** Includes entries that a newer run replaced in `#byKey` and that still have subscribers. */
  readonly #live = new Set<Entry>();
  readonly #watchers = new Watchers<Entry>();
  /** By path, whether its last run asked who calls: a guess at whose answers can be shared. */
  readonly #isPersonal = new Map<string, boolean>();

  constructor(functions: Functions, clock: Clock) {
    this.#functions = functions;
    this.#clock = clock;
  }

  /** Milliseconds that it will take, rather too few than too many. Zero for those whose answers are there or that nobody ran yet. */
  costOf(requests: readonly QueryRequest[]): number {
    const missing = requests.filter((request) => this.#find(request) === undefined);
    return missing.reduce((sum, { path }) => sum + this.#functions.costOf(path), 0);
  }

  /**
   * Runs together whatever of this has no answer yet, calls `use` once, now or when other threads have run their share, and forgets the
   * answers that it did not subscribe to. It is only faster so: a query that is not prepared is run by `subscribe`.
   */
  prepared(requests: readonly QueryRequest[], use: () => void): void {
    const missing = new Map<string, QueryRequest>();
    for (const request of requests) {
      if (this.#find(request) !== undefined) continue;
      missing.set(keyOf(request, this.#isPersonal.get(request.path) ?? false), request);
    }
    const wanted = [...missing.values()];
    const calls = wanted.map((request) => ({ call: callOf(request), journal: request.journal }));
    this.#functions.prepare(calls, (answers) => {
      const entries = wanted.map((request, at) => this.#keepIfNew(request, answers[at]));
      use();
      for (const entry of entries) if (entry?.subscribers.size === 0) this.#drop(entry);
    });
  }

  /** Joins or runs the query. `onStale` is called once, when the answer may have changed; the caller then subscribes again. */
  subscribe(request: QueryRequest, onStale: () => void): SharedQuery {
    const entry = this.#find(request) ?? this.#run(request);
    if (entry.subscribers.size > 0) this.#functions.countShared();
    entry.subscribers.add(onStale);
    return entry;
  }

  unsubscribe(shared: SharedQuery, onStale: () => void): void {
    const entry = shared as Entry;
    entry.subscribers.delete(onStale);
    if (entry.subscribers.size === 0) this.#drop(entry);
  }

  /** Call it for each commit, before any query runs on that commit. */
  invalidate(commit: Commit): void {
    this.#expire([...this.#watchers.concerned(commit)]);
  }

  /** Call it when the functions themselves have changed. */
  invalidateAll(): void {
    this.#expire([...this.#live]);
  }

  #find(request: QueryRequest): Entry | undefined {
    const entry = this.#byKey.get(keyOf(request, false)) ?? this.#byKey.get(keyOf(request, true));
    if (entry === undefined || !entry.outcome.observedTime) return entry;
    return this.#clock.now() - entry.ranAt <= TIMED_RESULT_MS ? entry : undefined;
  }

  #run(request: QueryRequest): Entry {
    return this.#keep(request, this.#functions.query(callOf(request), request.journal));
  }

  /** Meanwhile somebody else may have asked the same. */
  #keepIfNew(request: QueryRequest, outcome: QueryOutcome | undefined): Entry | undefined {
    if (outcome === undefined || this.#find(request) !== undefined) return undefined;
    return this.#keep(request, outcome);
  }

  #keep(request: QueryRequest, outcome: QueryOutcome): Entry {
    // Only of functions that there are: strangers may name as many others as they like.
    if (outcome.success) this.#isPersonal.set(request.path, outcome.observedIdentity);
    const entry: Entry = {
      key: keyOf(request, outcome.observedIdentity),
      type: outcome.success ? "QueryUpdated" : "QueryFailed",
      fingerprint: fingerprintOf(outcome),
      fields: fieldsOf(this.#functions.publish(outcome), outcome),
      journal: outcome.journal,
      outcome,
      ranAt: this.#clock.now(),
      subscribers: new Set(),
    };
    this.#byKey.set(entry.key, entry);
    this.#live.add(entry);
    this.#watchers.add(outcome.reads, entry);
    return entry;
  }

  #expire(entries: readonly Entry[]): void {
    for (const entry of entries) this.#drop(entry);
    for (const { subscribers } of entries) for (const onStale of subscribers) onStale();
  }

  #drop(entry: Entry): void {
    if (this.#live.delete(entry)) this.#watchers.remove(entry.outcome.reads, entry);
    if (this.#byKey.get(entry.key) === entry) this.#byKey.delete(entry.key);
  }
}

function callOf({ path, args, identity }: QueryRequest): FunctionCall {
  return { path, args, identity, caller: "client" };
}

/** An admin may call more functions than others, so an admin's answer is never another's, observed or not. */
function keyOf(request: QueryRequest, identityObserved: boolean): string {
  const { path, args, journal, identity } = request;
  const who = identityObserved ? identity : identity.kind === "admin";
  return JSON.stringify([path, args, journal, who]);
}

/** The value is what is large, so it stays the text that it came as. */
function fieldsOf(outcome: Outcome, { journal, text }: QueryOutcome): string {
  const { logLines } = outcome;
  if (outcome.success)
    return `"value":${text},${JSON.stringify({ logLines, journal }).slice(1, -1)}`;
  const { errorMessage, errorData } = outcome;
  return JSON.stringify({ errorMessage, errorData, logLines, journal }).slice(1, -1);
}

function fingerprintOf(outcome: QueryOutcome): string {
  if (outcome.success) return `+${JSON.stringify(outcome.logLines)}${outcome.text}`;
  const { errorMessage, errorData = null, logLines } = outcome;
  return `-${JSON.stringify([withoutRequestId(errorMessage), errorData, logLines])}`;
}

function withoutRequestId(errorMessage: string): string {
  return errorMessage.replace(/^\[Request ID: \w+\]/, "");
}
