import type { Store } from "../storage/store.ts";
import type { ValidatorJson } from "../values/validator.ts";
import { type Catalog, FILES, type Index, JOBS, type Table } from "./catalog.ts";
import { type Document, keyOf } from "./document.ts";
import { EngineError } from "./errors.ts";
import { refuseSchemaBeyondLimits } from "./schema-limits.ts";
import { refuseMismatch } from "./transaction.ts";

interface SchemaJson {
  readonly tables: readonly {
    readonly tableName: string;
    readonly indexes: readonly {
      readonly indexDescriptor: string;
      readonly fields: readonly string[];
    }[];
    readonly stagedDbIndexes?: readonly {
      readonly indexDescriptor: string;
      readonly fields: readonly string[];
    }[];
    readonly documentType: ValidatorJson | null;
  }[];
  readonly schemaValidation: boolean;
}

const BUILT_IN = new Set(["by_id", "by_creation_time"]);
const CHUNK = 500;
const SYSTEM_INDEXES: Readonly<Record<string, readonly [string, readonly string[]][]>> = {
  [JOBS]: [["by_due", ["state.kind", "scheduledTime"]]],
  [FILES]: [
    ["by_storage", ["storageId"]],
    ["by_key", ["key"]],
  ],
};

/**
 * Makes the store fit a schema: tables, indexes with their rows, and the proof that every existing document satisfies its
 * table. Call it inside a transaction of the store. Answers the validators by table, to be enforced from its commit on.
 * Throws `schema_violated`, naming table and document.
 */
export function applySchema(
  store: Store,
  catalog: Catalog,
  exported: string | null,
): ReadonlyMap<string, ValidatorJson> {
  catalog.ensureSystemTables();
  const schema = JSON.parse(exported ?? '{"tables":[],"schemaValidation":false}') as SchemaJson;
  refuseSchemaBeyondLimits(
    schema.tables.map(({ tableName, indexes, stagedDbIndexes = [] }) => ({
      tableName,
      indexes: [...indexes, ...stagedDbIndexes],
    })),
  );
  const defined = new Map(schema.tables.map((table) => [table.tableName, table]));
  for (const name of defined.keys()) catalog.ensureTable(name);
  const validators = new Map<string, ValidatorJson>();
  for (const table of catalog.tables()) {
    const definition = defined.get(table.name);
    const indexes = [...(definition?.indexes ?? []), ...(definition?.stagedDbIndexes ?? [])];
    const wanted = new Map(
      indexes.map(({ indexDescriptor, fields }) => [
        indexDescriptor,
        [...fields, "_creationTime", "_id"],
      ]),
    );
    for (const [name, fields] of SYSTEM_INDEXES[table.name] ?? []) {
      wanted.set(name, [...fields, "_creationTime", "_id"]);
    }
    alignIndexes(store, catalog, table, wanted);
    const isChecked = schema.schemaValidation && definition?.documentType?.type !== "any";
    const validator = isChecked ? (definition?.documentType ?? undefined) : undefined;
    if (validator !== undefined) validators.set(table.name, validator);
    checkDocuments(store, catalog, table, validator);
  }
  return validators;
}

function alignIndexes(
  store: Store,
  catalog: Catalog,
  table: Table,
  wanted: ReadonlyMap<string, readonly string[]>,
): void {
  for (const [name, index] of table.indexes) {
    const isKept = JSON.stringify(wanted.get(name)) === JSON.stringify(index.fields);
    if (!BUILT_IN.has(name) && !isKept) catalog.dropIndex(table, name);
  }
  for (const [name, fields] of wanted) {
    if (table.indexes.has(name)) continue;
    const index = catalog.addIndex(table, name, fields);
    for (const { row, document } of documentsOf(store, table))
      store.addEntry(index.id, keyOf(index, document), row);
  }
}

/** Skipped when the table's validator is the one that all its documents are known to satisfy. */
function checkDocuments(
  store: Store,
  catalog: Catalog,
  table: Table,
  validator: ValidatorJson | undefined,
): void {
  const key = `validated:${table.name}`;
  const text = JSON.stringify(validator ?? null);
  if (store.meta(key) === text) return;
  if (validator !== undefined) {
    for (const { document } of documentsOf(store, table)) {
      try {
        refuseMismatch(table.name, validator, document, catalog);
      } catch (cause) {
        throw new EngineError("schema_violated", (cause as Error).message, { cause });
      }
    }
  }
  store.setMeta(key, text);
}

function* documentsOf(store: Store, table: Table): Generator<{ row: number; document: Document }> {
  const index = table.indexes.get("by_id") as Index;
  let from: Uint8Array = new Uint8Array();
  for (;;) {
    const entries = store.scan(index.id, from, Buffer.of(0xff), "asc", CHUNK);
    for (const { row, value } of entries) yield { row, document: JSON.parse(value) as Document };
    const last = entries.at(-1);
    if (last === undefined) return;
    from = Buffer.concat([last.key, Buffer.of(0)]);
  }
}
