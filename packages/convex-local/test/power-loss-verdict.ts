import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { keyOf } from "../src/engine/document.ts";
import type { Document } from "../src/engine/document.ts";

interface Row {
  readonly [column: string]: unknown;
}

/** What stands in a database after it was recovered, and everything about it that does not fit together. */
export interface Verdict {
  /** The numbers of `things`, in the order of their index. */
  readonly numbers: number[];
  /** The number written last over one and the same message; 0 before the first. */
  readonly last: number;
  /** The requests whose answers are kept. */
  readonly answered: number[];
  readonly faults: string[];
}

/** Opens the database as the engine does, recovery included, and looks at every row of it. */
export function verdictOn(directory: string): Verdict {
  const database = new DatabaseSync(join(directory, "data.sqlite"));
  try {
    // Nothing is asked of this disk any more.
    database.exec("PRAGMA synchronous = OFF");
    const rows = (sql: string) => database.prepare(sql).all() as Row[];
    const integrity = rows("PRAGMA integrity_check").map((row) => String(row["integrity_check"]));
    const documents = new Map(
      rows("SELECT id, tableNumber, value FROM documents").map((row) => [
        row["id"],
        { table: row["tableNumber"], value: JSON.parse(String(row["value"])) as Document },
      ]),
    );
    const faults = integrity.filter((line) => line !== "ok");
    for (const index of rows("SELECT id, tableNumber, name, fields FROM indexes")) {
      faults.push(...faultsOf(database, index, documents));
    }
    const values = [...documents.values()].map(({ value }) => value);
    return {
      numbers: values
        .flatMap(({ value }) => (typeof value === "number" ? [value] : []))
        .toSorted((a, b) => a - b),
      last: Math.max(
        0,
        ...values.flatMap(({ text }) => (typeof text === "string" ? [Number(text)] : [])),
      ),
      answered: rows("SELECT request FROM answers ORDER BY request").map((row) =>
        Number(row["request"]),
      ),
      faults,
    };
  } finally {
    database.close();
  }
}

/** An index has exactly one entry for each document of its table, under the key that the document gives. */
function faultsOf(
  database: DatabaseSync,
  index: Row,
  documents: ReadonlyMap<unknown, { readonly table: unknown; readonly value: Document }>,
): string[] {
  const { id, tableNumber, name } = index;
  const fields = JSON.parse(String(index["fields"])) as string[];
  const missing = new Set(
    [...documents].flatMap(([row, { table }]) => (table === tableNumber ? [row] : [])),
  );
  const entries = database
    .prepare("SELECT key, document FROM entries WHERE indexId = ?")
    .all(Number(id)) as unknown as { readonly key: Uint8Array; readonly document: number }[];
  const wrong = entries.filter(({ key, document }) => {
    const found = documents.get(document);
    if (found === undefined || !missing.delete(document)) return true;
    const expected = keyOf({ id: Number(id), name: String(name), fields }, found.value);
    return Buffer.compare(key, expected) !== 0;
  });
  return wrong.length + missing.size === 0
    ? []
    : [`${String(name)}: ${wrong.length} wrong entries, ${missing.size} documents without one`];
}
