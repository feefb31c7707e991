import type { JSONValue } from "convex/values";
import type { Identity } from "../engine/engine.ts";
import type { AddQuery, RemoveQuery } from "../wire/message.ts";
import { MalformedMessage } from "../wire/message.ts";
import type { QueryRequest, SharedQueries, SharedQuery } from "./shared-queries.ts";

const MOST_QUERIES = 5_000;

interface Subscription {
  readonly path: string;
  readonly args: JSONValue;
  /** Of the last run: fed back so that pages keep their ends. */
  journal: string | null;
  /** The current answer; null while it has to be asked for. */
  shared: SharedQuery | null;
  /** What the client has; null before the first answer. */
  sent: string | null;
  readonly onStale: () => void;
}

/** What one connection watches, and what of it the client does not have yet. */
export class QuerySet {
  readonly #queries: SharedQueries;
  readonly #onStale: () => void;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #stale = new Set<number>();
  #removed: number[] = [];

  /** `onStale`: there may be something to send. */
  constructor(queries: SharedQueries, onStale: () => void) {
    this.#queries = queries;
    this.#onStale = onStale;
  }

  get hasStale(): boolean {
    return this.#stale.size > 0;
  }

  /** Throws MalformedMessage. */
  modify(modifications: readonly (AddQuery | RemoveQuery)[]): void {
    for (const modification of modifications) {
      if (modification.type === "Add") this.#add(modification);
      else this.#remove(modification.queryId);
    }
  }

  /** The queries whose answers are not known to be true any more, for whoever is to run many at once. */
  staleRequests(identity: Identity): QueryRequest[] {
    return Array.from(this.#stale, (queryId) => this.#subscriptions.get(queryId))
      .filter((subscription) => subscription !== undefined)
      .map(({ path, args, journal }) => ({ path, args, journal, identity }));
  }

  /** Makes every query run again, because who asks or what answers has changed. */
  rerun(): void {
    for (const [queryId, subscription] of this.#subscriptions) {
      this.#release(subscription);
      this.#stale.add(queryId);
    }
  }

  /**
   * Brings every answer up to the latest commit and returns, as JSON texts, the modifications by which the client's
   * differ. What it returns counts as sent. Synchronous, so all answers are of one timestamp.
   */
  takeModifications(identity: Identity): string[] {
    const modifications = this.#removed.map(
      (queryId) => `{"type":"QueryRemoved","queryId":${queryId}}`,
    );
    this.#removed = [];
    for (const queryId of this.#stale) {
      const modification = this.#refresh(queryId, identity);
      if (modification !== null) modifications.push(modification);
    }
    this.#stale.clear();
    return modifications;
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) this.#release(subscription);
    this.#subscriptions.clear();
    this.#stale.clear();
  }

  #add({ queryId, path, args, journal }: AddQuery): void {
    if (this.#subscriptions.has(queryId)) throw new MalformedMessage("The query exists already.");
    if (this.#subscriptions.size >= MOST_QUERIES) throw new MalformedMessage("Too many queries.");
    const subscription: Subscription = {
      path,
      args,
      journal,
      shared: null,
      sent: null,
      onStale: () => {
        subscription.shared = null;
        this.#stale.add(queryId);
        this.#onStale();
      },
    };
    this.#subscriptions.set(queryId, subscription);
    this.#stale.add(queryId);
  }

  #remove(queryId: number): void {
    const subscription = this.#subscriptions.get(queryId);
    if (subscription === undefined) throw new MalformedMessage("The query does not exist.");
    this.#release(subscription);
    this.#subscriptions.delete(queryId);
    this.#stale.delete(queryId);
    this.#removed.push(queryId);
  }

  #refresh(queryId: number, identity: Identity): string | null {
    const subscription = this.#subscriptions.get(queryId);
    if (subscription === undefined) return null;
    const { path, args, journal, onStale } = subscription;
    const shared = this.#queries.subscribe({ path, args, journal, identity }, onStale);
    subscription.shared = shared;
    subscription.journal = shared.journal;
    if (shared.fingerprint === subscription.sent) return null;
    subscription.sent = shared.fingerprint;
    return `{"type":"${shared.type}","queryId":${queryId},${shared.fields}}`;
  }

  #release(subscription: Subscription): void {
    if (subscription.shared !== null) {
      this.#queries.unsubscribe(subscription.shared, subscription.onStale);
    }
    subscription.shared = null;
  }
}
