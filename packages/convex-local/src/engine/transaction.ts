import type { JSONValue } from "convex/values";
import type { Entry, Found, Store } from "../storage/store.ts";
import { encodeId, newInternalId } from "../values/id.ts";
import { encodeKey, keyAfter } from "../values/key.ts";
import { mismatch, type ValidatorJson } from "../values/validator.ts";
import type { Catalog, Index, Table } from "./catalog.ts";
import type { RandomSource } from "./clock.ts";
import { complete, type Document, hasSameKey, keyOf, resolveCommitTs } from "./document.ts";
import type { Commit } from "./engine.ts";
import { DeveloperError } from "./failure.ts";
import type { Consumed, Interval, Reads } from "./reads.ts";
import { Usage } from "./usage.ts";

export type Write = Commit["writes"][number];

/** Gives each inserted document its creation time, ms, strictly increasing over the whole database. */
interface CreationTimes {
  next(): number;
}

export interface TransactionParts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly random: RandomSource;
  /** Milliseconds since the epoch at which it began. */
  readonly now: number;
  /** The timestamp that its commit will have; of no meaning to a query. */
  readonly ts: bigint;
  readonly creationTimes: CreationTimes;
  /** Absent for mutations: there is one writer at a time, so nothing they read can change under them. */
  readonly reads?: Reads;
}

/** A scheduled function's arguments may be larger than a document of the app. */
const LARGEST_SYSTEM_DOCUMENT = 5 * 1024 * 1024;
const DISCARDED = new Error("discarded");

interface Existing {
  readonly table: Table;
  readonly row: number;
  readonly document: Document;
}

/** What one function may do with documents. Works inside whatever transaction of the store is open. */
export class Transaction {
  readonly parts: TransactionParts;
  readonly #writes: Write[] = [];
  readonly #afterCommit: (() => void)[] = [];
  readonly #onUndo: (() => void)[] = [];
  #usage = new Usage();
  #version = 0;
  #createdTable = false;
  #depth = 0;

  constructor(parts: TransactionParts) {
    this.parts = parts;
  }

  get writes(): readonly Write[] {
    return this.#writes;
  }

  /** What is to be done once all of this is durable; forgotten with the writes that it belongs to. */
  get effects(): readonly (() => void)[] {
    return this.#afterCommit;
  }

  afterCommit(effect: () => void): void {
    this.#afterCommit.push(effect);
  }

  /** What is to be done if this, or the nested call that it belongs to, is not kept. */
  onUndo(effect: () => void): void {
    this.#onUndo.push(effect);
  }

  /** To be called when none of it is kept. */
  undo(): void {
    this.#undoFrom(0);
  }

  #undoFrom(first: number): void {
    for (const effect of this.#onUndo.splice(first)) effect();
  }

  /** Changes with every write, so that a reader knows when what it read ahead is out of date. */
  get version(): number {
    return this.#version;
  }

  get usage(): Usage {
    return this.#usage;
  }

  get(id: string): Document | null {
    const entry = this.#entryOf(id);
    return entry === undefined ? null : (JSON.parse(entry.value) as Document);
  }

  /** The document as JSON text. */
  getText(id: string): string | null {
    return this.#entryOf(id)?.value ?? null;
  }

  insert(tableName: string, fields: Document): string {
    const table = this.#tableForInsert(tableName);
    const { random, now } = this.parts;
    const id = encodeId(table.number, newInternalId(random.bytes(14), now));
    const document = this.#checked(table, fields, id, this.parts.creationTimes.next());
    const row = this.parts.store.insertDocument(table.number, JSON.stringify(document));
    this.#writeEntries(table, row, undefined, document);
    return id;
  }

  replace(id: string, fields: Document): void {
    this.#update(id, this.#existing(id, "replace"), fields);
  }

  /** Sets the given fields; `{"$undefined": null}` removes one. */
  shallowMerge(id: string, changes: Document): void {
    const existing = this.#existing(id, "patch");
    const next: { [field: string]: JSONValue } = { ...existing.document };
    for (const [name, value] of Object.entries(changes)) {
      if (isUndefined(value)) delete next[name];
      else next[name] = value;
    }
    this.#update(id, existing, next);
  }

  /** Answers the document that was removed. */
  remove(id: string): Document {
    const { table, row, document } = this.#existing(id, "delete");
    this.usage.add("documentsWritten", 1);
    this.parts.store.deleteDocument(row);
    this.#writeEntries(table, row, document, undefined);
    return document;
  }

  /** Entries of an index without recording the read: that is the reading stream's duty. */
  scan(index: Index, interval: Interval, order: "asc" | "desc", limit: number): Entry[] {
    return this.parts.store.scan(index.id, interval.from, interval.to, order, limit);
  }

  record(indexName: string, consumed: Consumed): void {
    this.parts.reads?.add(indexName, consumed);
  }

  /** Counts a document towards the limits of one function. */
  charge(value: string): void {
    this.usage.add("documentsRead", 1);
    this.usage.add("bytesRead", value.length);
  }

  /**
   * Runs `work` so that its writes alone are undone when it throws. Each level has a savepoint of its own name: a function that
   * is killed leaves its inner savepoints open, and the outer rollback has to take them along.
   */
  nested<T>(work: () => T): T {
    const { driver } = this.parts.store;
    const name = `nested_${(this.#depth += 1)}`;
    const writesBefore = this.#writes.length;
    const effectsBefore = this.#afterCommit.length;
    const undoBefore = this.#onUndo.length;
    driver.savepoint(name);
    try {
      const result = work();
      driver.release(name);
      return result;
    } catch (error) {
      driver.rollbackTo(name);
      this.#writes.length = writesBefore;
      this.#afterCommit.length = effectsBefore;
      this.#undoFrom(undoBefore);
      this.#version += 1;
      this.forgetCreatedTables();
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Does `work` as if it had never been done. */
  discard(work: () => void): void {
    try {
      this.#counting(new Usage(), () =>
        this.nested(() => {
          work();
          throw DISCARDED;
        }),
      );
    } catch (error) {
      if (error !== DISCARDED) throw error;
    }
  }

  /** Does work of the runtime itself, which the limits of functions do not bind. */
  unbounded<T>(work: () => T): T {
    return this.#counting(Usage.unbounded(), work);
  }

  #counting<T>(usage: Usage, work: () => T): T {
    const before = this.#usage;
    this.#usage = usage;
    try {
      return work();
    } finally {
      this.#usage = before;
    }
  }

  /** To be called after a rollback: the catalog may know tables that are no more. */
  forgetCreatedTables(): void {
    if (this.#createdTable) this.parts.catalog.reload();
  }

  #entryOf(id: string): Found | undefined {
    this.usage.add("databaseQueries", 1);
    const table = this.parts.catalog.tableOf(id);
    const index = table?.indexes.get("by_id");
    if (index === undefined) return undefined;
    const key = encodeKey([id]);
    this.record(index.name, () => ({ from: key, to: keyAfter(key) }));
    const entry = this.parts.store.find(index.id, key);
    if (entry !== undefined) this.charge(entry.value);
    return entry;
  }

  #existing(id: string, verb: string): Existing {
    const table = this.parts.catalog.tableOf(id);
    const entry = this.#entryOf(id);
    if (table === undefined || entry === undefined) {
      throw new DeveloperError(`Cannot ${verb} a document that does not exist: ${id}`);
    }
    return { table, row: entry.row, document: JSON.parse(entry.value) as Document };
  }

  #update(id: string, { table, row, document }: Existing, fields: Document): void {
    const next = this.#checked(table, fields, id, document["_creationTime"] as number);
    this.parts.store.updateDocument(row, JSON.stringify(next));
    this.#writeEntries(table, row, document, next);
  }

  #tableForInsert(name: string): Table {
    const existing = this.parts.catalog.table(name);
    if (existing !== undefined) return existing;
    if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) {
      throw new DeveloperError(`\`${name}\` is not a table name: letters, digits and underscores.`);
    }
    this.#createdTable = true;
    return this.parts.catalog.ensureTable(name);
  }

  #checked(table: Table, fields: Document, id: string, creationTime: number): Document {
    const resolved = resolveCommitTs(fields, this.parts.ts) as Document;
    const { document, size } = complete(
      resolved,
      id,
      creationTime,
      table.name.startsWith("_") ? LARGEST_SYSTEM_DOCUMENT : undefined,
    );
    this.usage.add("documentsWritten", 1);
    this.usage.add("bytesWritten", size);
    if (table.validator !== undefined) {
      refuseMismatch(table.name, table.validator, document, this.parts.catalog);
    }
    return document;
  }

  #writeEntries(table: Table, row: number, before?: Document, after?: Document): void {
    const { store } = this.parts;
    this.#version += 1;
    for (const index of table.indexes.values()) {
      const oldKey = before === undefined ? null : keyOf(index, before);
      const isKept =
        before !== undefined && after !== undefined && hasSameKey(index, before, after);
      const newKey = isKept ? oldKey : after === undefined ? null : keyOf(index, after);
      this.#writes.push({ index: index.name, oldKey, newKey });
      if (isKept) continue;
      if (oldKey !== null && newKey !== null && Buffer.compare(oldKey, newKey) === 0) continue;
      if (oldKey !== null) store.deleteEntry(index.id, oldKey);
      if (newKey !== null) store.addEntry(index.id, newKey, row);
    }
  }
}

/** Throws if the document does not satisfy its table's schema. */
export function refuseMismatch(
  tableName: string,
  validator: ValidatorJson,
  document: Document,
  catalog: Catalog,
): void {
  const { _id, _creationTime, ...fields } = document;
  const reason = mismatch(fields, validator, catalog.isIdOf);
  if (reason === undefined) return;
  throw new DeveloperError(
    `Document ${JSON.stringify(_id)} does not match the schema of table "${tableName}": ${reason}`,
  );
}

function isUndefined(value: JSONValue): boolean {
  return value !== null && typeof value === "object" && "$undefined" in value;
}
