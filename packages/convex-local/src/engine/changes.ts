import type { Store } from "../storage/store.ts";
import type { Catalog } from "./catalog.ts";
import type { Change, Commit } from "./engine.ts";

const BY_ID = ".by_id";

/** Which documents a commit wrote, and what has become of them by now. */
export function changesOf(store: Store, catalog: Catalog, { writes }: Commit): Change[] {
  const changes = new Map<string, Change>();
  for (const { index, oldKey, newKey } of writes) {
    if (!index.endsWith(BY_ID)) continue;
    const key = newKey ?? oldKey ?? Buffer.alloc(0);
    const table = index.slice(0, -BY_ID.length);
    const known = catalog.table(table)?.indexes.get("by_id");
    const document = known === undefined ? null : (store.find(known.id, key)?.value ?? null);
    const id = idIn(key);
    changes.set(id, { table, id, document });
  }
  return [...changes.values()];
}

/** Every document of a table as JSON text, oldest first. */
export function documentsOf(store: Store, catalog: Catalog, table: string): string[] {
  const index = catalog.table(table)?.indexes.get("by_creation_time");
  if (index === undefined) return [];
  const end = Buffer.of(0xff);
  const rows = store.scan(index.id, Buffer.alloc(0), end, "asc", Number.MAX_SAFE_INTEGER);
  return rows.map(({ value }) => value);
}

/** The key of one string is the string between a tag and an end, as ids have nothing in them to escape. */
function idIn(key: Uint8Array): string {
  return Buffer.from(key.subarray(1, -1)).toString("latin1");
}
