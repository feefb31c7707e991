import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { JSONValue } from "convex/values";
import { Catalog, FILES, type Table } from "../engine/catalog.ts";
import { type Document, keyOf } from "../engine/document.ts";
import { EngineError } from "../engine/errors.ts";
import { latestIn } from "../engine/timeline.ts";
import { tableOfId } from "../values/id.ts";
import {
  asUnreadable,
  databaseIn,
  filesIn,
  refuseForeignDatabase,
} from "../storage/data-directory.ts";
import type { StoreDriver } from "../storage/driver.ts";
import { openSqliteToRead } from "../storage/sqlite.ts";
import { Store } from "../storage/store.ts";

export interface Report {
  readonly documents: number;
  readonly entries: number;
  readonly files: number;
  /** What is wrong, a sentence each; empty is good. */
  readonly problems: readonly string[];
}

const CHUNK = 1_000;
const MOST_PROBLEMS = 100;

/**
 * Compares every index with the documents that it is of, and stored files with the rows that say they are there. Reads one state
 * and changes nothing, so the directory may be in use. Throws an EngineError for what is no database of this version.
 */
export function checkDirectory(directory: string): Report {
  const path = databaseIn(directory);
  refuseMissing(path);
  refuseForeignDatabase(path);
  return new Check(filesIn(directory)).report(path);
}

/** Throws `database_missing` if there is no file. */
export function refuseMissing(path: string): void {
  if (existsSync(path)) return;
  throw new EngineError(
    "database_missing",
    `There is no database at ${path}. Name a directory that \`convex-local start\` has served, or a backup of one.`,
  );
}

class Check {
  readonly #files: string;
  readonly #problems: string[] = [];
  readonly #documents = new Map<number, number>();
  #fileCount = 0;

  constructor(files: string) {
    this.#files = files;
  }

  /** What cannot be read at all ends the check, and is its last problem. */
  report(database: string): Report {
    let entries = 0;
    let driver: StoreDriver | undefined;
    try {
      driver = openSqliteToRead(database);
      entries = this.#run(new Store(driver));
    } catch (error) {
      const damage = asUnreadable("The database", error);
      if (!(damage instanceof EngineError)) throw error;
      this.#tell(damage.message);
    } finally {
      driver?.close();
    }
    const documents = [...this.#documents.values()].reduce((sum, count) => sum + count, 0);
    return { documents, entries, files: this.#fileCount, problems: this.#problems };
  }

  /** Answers how many index entries there are. */
  #run(store: Store): number {
    for (const sentence of integrityOf(store)) this.#tell(`SQLite: ${sentence}`);
    const tables = new Map(
      Array.from(new Catalog(store).tables(), (table) => [table.number, table]),
    );
    let last = 0;
    for (;;) {
      const chunk = store.documentsAfter(last, CHUNK);
      for (const { row, table, value } of chunk) {
        this.#document(store, row, tables.get(table), value);
        last = row;
      }
      if (chunk.length === 0) break;
    }
    if (this.#documents.size > 0 && latestIn(store) === 0n) {
      this.#tell("The time of the last commit is missing, so times could go back.");
    }
    return this.#counts(store, tables.values());
  }

  #document(store: Store, row: number, table: Table | undefined, value: string): void {
    if (table === undefined) return this.#tell(`Row ${row} is of a table that does not exist.`);
    this.#documents.set(table.number, (this.#documents.get(table.number) ?? 0) + 1);
    const document = parsed(value);
    const id = document?.["_id"];
    if (document === undefined || typeof id !== "string") {
      return this.#tell(`Row ${row} of table ${table.name} is not a document.`);
    }
    if (tableOfId(id) !== table.number)
      this.#tell(`${id} is not an id of its table ${table.name}.`);
    for (const index of table.indexes.values()) {
      const entry = store.find(index.id, keyOf(index, document));
      if (entry?.row !== row) this.#tell(`Index ${index.name} lacks the document ${id}.`);
    }
    if (table.name === FILES) this.#file(document["key"]);
  }

  #file(key: JSONValue | undefined): void {
    this.#fileCount += 1;
    if (typeof key !== "string") return this.#tell("A stored file has no key.");
    if (statSync(join(this.#files, key), { throwIfNoEntry: false })?.isFile() !== true) {
      this.#tell(`The bytes of the stored file ${key} are missing.`);
    }
  }

  /** Each document has one entry in each index of its table: if none is lacking and the numbers agree, none is too many. */
  #counts(store: Store, tables: Iterable<Table>): number {
    let known = 0;
    for (const { number, indexes } of tables) {
      const documents = this.#documents.get(number) ?? 0;
      for (const { id, name } of indexes.values()) {
        const entries = store.count(id);
        known += entries;
        if (entries === documents) continue;
        this.#tell(
          `Index ${name} does not fit its table: entries ${entries}, documents ${documents}.`,
        );
      }
    }
    const all = store.countEntries();
    if (all !== known) this.#tell(`Entries of no index: ${all - known}.`);
    return all;
  }

  #tell(problem: string): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem);
  }
}

function integrityOf(store: Store): string[] {
  const rows = store.driver.prepare("PRAGMA integrity_check").all();
  const said = rows.flatMap((row) => String(row["integrity_check"]).split("\n"));
  return said.filter((line) => line !== "ok" && line !== "*** in database main ***");
}

function parsed(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Document)
      : undefined;
  } catch {
    return undefined;
  }
}
