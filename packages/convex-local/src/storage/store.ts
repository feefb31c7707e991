import type { Row, Statement, StoreDriver } from "./driver.ts";
import { layOut } from "./format.ts";

/** A document that an index knows. */
export interface Found {
  readonly row: number;
  /** Convex JSON text. */
  readonly value: string;
}

/** The same with its place in the index. Few of those that are scanned are asked for it, and text costs much less to fetch than bytes. */
export class Entry implements Found {
  readonly row: number;
  readonly value: string;
  readonly #hexKey: string;

  constructor(row: Row) {
    this.row = row["id"] as number;
    this.value = row["value"] as string;
    this.#hexKey = row["key"] as string;
  }

  get key(): Uint8Array {
    return new Uint8Array(Buffer.from(this.#hexKey, "hex"));
  }
}

export interface StoredIndex {
  readonly id: number;
  readonly table: number;
  readonly name: string;
  readonly fields: readonly string[];
}

export interface StoredAnswer {
  readonly ts: string;
  readonly value: unknown;
  readonly logLines: readonly string[];
  readonly identity: string;
}

const DOCUMENT = "documents.id AS id, documents.value AS value";
const FROM_INDEX =
  "FROM entries CROSS JOIN documents ON documents.id = entries.document WHERE entries.indexId = ?";
const FIND = `SELECT ${DOCUMENT} ${FROM_INDEX} AND entries.key = ?`;
const RANGE = `SELECT hex(entries.key) AS key, ${DOCUMENT} ${FROM_INDEX} AND entries.key >= ? AND entries.key < ?`;
// SQLite plans by the value of a bare `LIMIT ?`, and so compiles the statement anew at each use.
const SCAN = {
  asc: `${RANGE} ORDER BY entries.key ASC LIMIT +?`,
  desc: `${RANGE} ORDER BY entries.key DESC LIMIT +?`,
} as const;

/** The rows of the database, without any meaning beyond that. Every write happens inside the driver's transaction. */
export class Store {
  readonly driver: StoreDriver;
  readonly #statements = new Map<string, Statement>();

  constructor(driver: StoreDriver) {
    this.driver = driver;
    layOut(driver);
  }

  /** In one durable transaction; answers what `work` answers. When it throws, nothing is kept. */
  transaction<T>(work: () => T): T {
    this.driver.begin();
    try {
      const result = work();
      this.driver.commit();
      return result;
    } catch (error) {
      this.driver.rollback();
      throw error;
    }
  }

  meta(name: string): string | undefined {
    return text(this.#sql("SELECT value FROM meta WHERE name = ?").get(name), "value");
  }

  setMeta(name: string, value: string): void {
    this.#sql(
      "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ).run(name, value);
  }

  tables(): { number: number; name: string }[] {
    return this.#sql("SELECT number, name FROM tables ORDER BY number")
      .all()
      .map((row) => ({ number: Number(row["number"]), name: String(row["name"]) }));
  }

  countTables(): number {
    return Number(this.#sql("SELECT count(*) AS rows FROM tables").get()?.["rows"]);
  }

  addTable(number: number, name: string): void {
    this.#sql("INSERT INTO tables VALUES (?, ?)").run(number, name);
  }

  indexes(): StoredIndex[] {
    return this.#sql("SELECT id, tableNumber, name, fields FROM indexes ORDER BY id")
      .all()
      .map((row) => ({
        id: Number(row["id"]),
        table: Number(row["tableNumber"]),
        name: String(row["name"]),
        fields: JSON.parse(String(row["fields"])) as string[],
      }));
  }

  addIndex(table: number, name: string, fields: readonly string[]): number {
    const row = this.#sql(
      "INSERT INTO indexes (tableNumber, name, fields) VALUES (?, ?, ?) RETURNING id",
    ).get(table, name, JSON.stringify(fields));
    return Number(row?.["id"]);
  }

  dropIndex(id: number): void {
    this.#sql("DELETE FROM entries WHERE indexId = ?").run(id);
    this.#sql("DELETE FROM indexes WHERE id = ?").run(id);
  }

  insertDocument(table: number, value: string): number {
    const row = this.#sql(
      "INSERT INTO documents (tableNumber, value) VALUES (?, ?) RETURNING id",
    ).get(table, value);
    return Number(row?.["id"]);
  }

  updateDocument(row: number, value: string): void {
    this.#sql("UPDATE documents SET value = ? WHERE id = ?").run(value, row);
  }

  deleteDocument(row: number): void {
    this.#sql("DELETE FROM documents WHERE id = ?").run(row);
  }

  addEntry(index: number, key: Uint8Array, row: number): void {
    this.#sql("INSERT INTO entries VALUES (?, ?, ?)").run(index, key, row);
  }

  deleteEntry(index: number, key: Uint8Array): void {
    this.#sql("DELETE FROM entries WHERE indexId = ? AND key = ?").run(index, key);
  }

  /** Entries with `from` ≤ key < `to`, at most `limit`, in key order or its reverse. */
  scan(
    index: number,
    from: Uint8Array,
    to: Uint8Array,
    order: "asc" | "desc",
    limit: number,
  ): Entry[] {
    const rows = this.#sql(SCAN[order]).all(index, from, to, limit);
    return rows.map((row) => new Entry(row));
  }

  find(index: number, key: Uint8Array): Found | undefined {
    const row = this.#sql(FIND).get(index, key);
    return row && { row: row["id"] as number, value: row["value"] as string };
  }

  /** Documents of all tables, by row, after this one. */
  documentsAfter(row: number, limit: number): { row: number; table: number; value: string }[] {
    return this.#sql(
      "SELECT id, tableNumber, value FROM documents WHERE id > ? ORDER BY id LIMIT +?",
    )
      .all(row, limit)
      .map((found) => ({
        row: Number(found["id"]),
        table: Number(found["tableNumber"]),
        value: String(found["value"]),
      }));
  }

  /** How many entries there are in all indexes, those of no index included. */
  countEntries(): number {
    return Number(this.#sql("SELECT count(*) AS rows FROM entries").get()?.["rows"]);
  }

  count(index: number): number {
    const row = this.#sql("SELECT count(*) AS rows FROM entries WHERE indexId = ?").get(index);
    return Number(row?.["rows"]);
  }

  answer(session: string, request: number): StoredAnswer | undefined {
    const found = this.#sql("SELECT answer FROM answers WHERE session = ? AND request = ?");
    const json = text(found.get(session, request), "answer");
    return json === undefined ? undefined : (JSON.parse(json) as StoredAnswer);
  }

  addAnswer(session: string, request: number, at: number, answer: StoredAnswer): void {
    this.#sql("INSERT INTO answers VALUES (?, ?, ?, ?)").run(
      session,
      request,
      at,
      JSON.stringify(answer),
    );
  }

  dropAnswersBefore(at: number): void {
    this.#sql("DELETE FROM answers WHERE at < ?").run(at);
  }

  environment(): Record<string, string> {
    const rows = this.#sql("SELECT name, value FROM environment ORDER BY name").all();
    return Object.fromEntries(rows.map((row) => [String(row["name"]), String(row["value"])]));
  }

  setVariable(name: string, value: string | null): void {
    if (value === null) this.#sql("DELETE FROM environment WHERE name = ?").run(name);
    else this.#sql("INSERT OR REPLACE INTO environment VALUES (?, ?)").run(name, value);
  }

  crons(): Map<string, { spec: string; nextRun: number }> {
    const rows = this.#sql("SELECT name, spec, nextRun FROM crons ORDER BY name").all();
    return new Map(
      rows.map((row) => [
        String(row["name"]),
        { spec: String(row["spec"]), nextRun: Number(row["nextRun"]) },
      ]),
    );
  }

  setCron(name: string, state: { spec: string; nextRun: number } | null): void {
    if (state === null) this.#sql("DELETE FROM crons WHERE name = ?").run(name);
    else
      this.#sql("INSERT OR REPLACE INTO crons VALUES (?, ?, ?)").run(
        name,
        state.spec,
        state.nextRun,
      );
  }

  close(): void {
    this.driver.close();
  }

  #sql(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.driver.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function text(row: Row | undefined, column: string): string | undefined {
  return row === undefined ? undefined : String(row[column]);
}
