import { keyAfter } from "../../values/key.ts";
import type { Interval } from "../reads.ts";
import { LONGEST_ARRAY } from "../document.ts";
import { DeveloperError } from "../failure.ts";
import type { Transaction } from "../transaction.ts";
import { LIMITS } from "../usage.ts";
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
  /** A page without an `endCursor` is cut when it has read so much, filtered rows included. */
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

/** One page of a query. Throws InvalidCursor for a cursor that is not of this query. */
export function readPage(transaction: Transaction, cursors: Cursors, request: PageRequest): Page {
  refuseEndless(request);
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
  // Up to a given end everything is read: a page that ended sooner would leave a gap before the next.
  const most: Partial<PageRequest> = end === undefined ? request : {};
  while (position.at !== "end" && page.length < (most.pageSize ?? Infinity)) {
    if (
      keys.length >= (most.maximumRowsRead ?? Infinity) ||
      bytes >= (most.maximumBytesRead ?? Infinity)
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
  const isLarge =
    page.length > softly(LONGEST_ARRAY) ||
    keys.length > softly(LIMITS.documentsRead, request.maximumRowsRead) ||
    bytes > softly(LIMITS.bytesRead, request.maximumBytesRead);
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

/** A page of nothing would be followed by another one for ever. */
function refuseEndless({ pageSize, maximumRowsRead, maximumBytesRead }: PageRequest): void {
  if (pageSize < 1) throw new DeveloperError("A page has to be of at least one document.");
  if (maximumRowsRead === 0 || maximumBytesRead === 0) {
    throw new DeveloperError("`maximumRowsRead` and `maximumBytesRead` have to be more than 0.");
  }
}

/** From where on splitting is advised: three quarters of what is allowed. */
function softly(limit: number, asked?: number | null): number {
  return Math.floor((Math.min(asked ?? limit, limit) * 3) / 4);
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
