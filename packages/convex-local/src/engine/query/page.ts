import { keyAfter } from "../../values/key.ts";
import type { Interval } from "../reads.ts";
import type { Transaction } from "../transaction.ts";
import type { Cursors, Position } from "./cursor.ts";
import type { Query } from "./query.ts";
import { type Range, rangeOf } from "./range.ts";
import { RowStream } from "./row-stream.ts";
import { Operators } from "./stream.ts";

export interface PageRequest {
  readonly query: Query;
  readonly cursor: string | null;
  /** Where an earlier run of this page ended: everything up to there belongs to it, however many rows that is now. */
  readonly endCursor: string | null;
  readonly pageSize: number;
  readonly maximumRowsRead?: number | null;
  readonly maximumBytesRead?: number | null;
}

export interface Page {
  /** Documents as JSON text. */
  readonly page: readonly string[];
  readonly isDone: boolean;
  readonly continueCursor: string;
  readonly splitCursor: string | null;
  readonly pageStatus: "SplitRecommended" | "SplitRequired" | null;
}

const ROWS_WORTH_SPLITTING = 6_144;
/** Three quarters of what one function may read. */
const BYTES_WORTH_SPLITTING = 12 * 1024 * 1024;

/** One page of a query. Throws InvalidCursor for a cursor that is not of this query. */
export function readPage(transaction: Transaction, cursors: Cursors, request: PageRequest): Page {
  const { query } = request;
  const whole = rangeOf(query.source, transaction.parts.catalog);
  const start: Position =
    request.cursor === null ? { at: "start" } : cursors.read(request.cursor, query);
  const end = request.endCursor === null ? undefined : cursors.read(request.endCursor, query);
  const range = between(whole, start, end);
  const rows = new RowStream(transaction, range);
  const operators = new Operators(query.operators);

  const page: string[] = [];
  const keys: Uint8Array[] = [];
  let bytes = 0;
  let position: Position = start;
  let isCut = false;
  const wanted = end === undefined ? request.pageSize : Infinity;
  while (position.at !== "end" && page.length < wanted) {
    if (
      keys.length >= (request.maximumRowsRead ?? Infinity) ||
      bytes >= (request.maximumBytesRead ?? Infinity)
    ) {
      isCut = true;
      break;
    }
    const row = operators.isExhausted ? undefined : rows.next();
    if (row === undefined) {
      position = end ?? { at: "end" };
      break;
    }
    keys.push(row.key);
    bytes += row.value.length;
    position = { at: "key", key: row.key };
    if (operators.admit(row)) page.push(row.value);
  }

  const middle = keys[(keys.length - 1) >> 1];
  const isLarge = keys.length > ROWS_WORTH_SPLITTING || bytes > BYTES_WORTH_SPLITTING;
  return {
    page,
    isDone: position.at === "end",
    continueCursor: cursors.write(position, query),
    splitCursor:
      middle === undefined || keys.length < 2
        ? null
        : cursors.write({ at: "key", key: middle }, query),
    pageStatus: isCut ? "SplitRequired" : isLarge ? "SplitRecommended" : null,
  };
}

/** The part of the range after `start` and up to `end`. */
function between(range: Range, start: Position, end: Position | undefined): Range {
  const interval: Interval = { ...range.interval };
  const isAscending = range.order === "asc";
  if (start.at === "end") interval.from = interval.to;
  if (start.at === "key") {
    if (isAscending) interval.from = keyAfter(start.key);
    else interval.to = start.key;
  }
  if (end?.at === "start") interval.to = interval.from;
  if (end?.at === "key") {
    if (isAscending) interval.to = keyAfter(end.key);
    else interval.from = end.key;
  }
  return { ...range, interval };
}
