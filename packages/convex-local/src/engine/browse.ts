import type { JSONValue } from "convex/values";
import { JOBS, STORAGE } from "./catalog.ts";
import type { TablePage, TablePageRequest } from "./engine.ts";
import { readPage } from "./query/page.ts";
import { Reads } from "./reads.ts";
import type { RunnerParts } from "./runner.ts";
import { Transaction } from "./transaction.ts";

const LARGEST_PAGE = 4_096;
/** The runtime's own tables that hold nothing secret. */
const SHOWN = new Set([JOBS, STORAGE]);

/** The names of the app's tables. */
export function tableNames({ catalog }: RunnerParts): string[] {
  return Array.from(catalog.tables(), ({ name }) => name).filter((name) => !name.startsWith("_"));
}

/** How many documents a table holds; none for one that does not exist. */
export function tableSize({ catalog, store }: RunnerParts, table: string): number {
  if (isHidden(table)) return 0;
  const index = catalog.table(table)?.indexes.get("by_creation_time");
  return index === undefined ? 0 : store.count(index.id);
}

/** Reads the last commit; a table that does not exist is empty. Throws a DeveloperError for a cursor of another table. */
export function tablePage(
  { store, catalog, cursors, committer, random, clock }: RunnerParts,
  { table, order, cursor, numItems }: TablePageRequest,
): TablePage {
  if (isHidden(table)) return { page: [], isDone: true, continueCursor: "" };
  const now = clock.now();
  const transaction = new Transaction({
    store,
    catalog,
    random,
    now,
    ts: committer.latestTs,
    creationTimes: { next: () => now },
    reads: new Reads(),
  });
  const request = {
    query: { source: { type: "FullTableScan", tableName: table, order }, operators: [] },
    cursor,
    endCursor: null,
    pageSize: Math.min(numItems, LARGEST_PAGE),
  } as const;
  const { page, isDone, continueCursor } = transaction.unbounded(() =>
    readPage(transaction, cursors, request),
  );
  return { page: page.map((text) => JSON.parse(text) as JSONValue), isDone, continueCursor };
}

function isHidden(table: string): boolean {
  return table.startsWith("_") && !SHOWN.has(table);
}
