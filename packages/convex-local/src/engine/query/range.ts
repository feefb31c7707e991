import { type JSONValue, type Value } from "convex/values";
import { decode } from "../../values/decode.ts";
import { encodeKey, endOfPrefix } from "../../values/key.ts";
import type { Catalog, Index } from "../catalog.ts";
import { DeveloperError } from "../failure.ts";
import type { Interval } from "../reads.ts";
import type { Order, RangeExpression, Source } from "./query.ts";

export interface Range {
  readonly indexName: string;
  /** Absent if the table has never been written: the query is empty, but its read still counts. */
  readonly index: Index | undefined;
  readonly interval: Interval;
  readonly order: Order;
}

/** Which keys of which index a source reads. Throws for an unknown index and for bounds that the index cannot answer. */
export function rangeOf(source: Source, catalog: Catalog): Range {
  if (source.type === "Search") {
    throw new DeveloperError(
      "Text search is not available in this runtime yet: use an index or a filter, or a deployment of Convex.",
    );
  }
  const order = source.order ?? "asc";
  if (source.type === "FullTableScan") {
    const index = catalog.table(source.tableName)?.indexes.get("by_creation_time");
    const indexName = `${source.tableName}.by_creation_time`;
    return { indexName, index, interval: boundsOf([], [], indexName), order };
  }
  const [tableName = "", name = ""] = source.indexName.split(".");
  const table = catalog.table(tableName);
  const index = table?.indexes.get(name);
  const isBuiltIn = name === "by_creation_time" || name === "by_id";
  if (index === undefined && (table !== undefined || !isBuiltIn)) {
    throw new DeveloperError(`Index ${source.indexName} not found.`);
  }
  const builtInFields = name === "by_id" ? ["_id"] : ["_creationTime", "_id"];
  const interval = boundsOf(source.range, index?.fields ?? builtInFields, source.indexName);
  return { indexName: source.indexName, index, interval, order };
}

/** Equalities on the first fields in the index's order, then at most one lower and one upper bound on the next field. */
function boundsOf(
  range: readonly RangeExpression[],
  fields: readonly string[],
  indexName: string,
): Interval {
  const equal: (Value | undefined)[] = [];
  let lower: RangeExpression | undefined;
  let upper: RangeExpression | undefined;
  for (const bound of range) {
    const expected = fields[equal.length];
    if (bound.fieldPath !== expected) throw outOfOrder(bound, expected, indexName);
    if (bound.type === "Eq") {
      if (lower !== undefined || upper !== undefined) throw outOfOrder(bound, undefined, indexName);
      equal.push(valueOf(bound.value));
    } else if (bound.type === "Gt" || bound.type === "Gte") {
      if (lower !== undefined) throw twice("lower", bound, indexName);
      lower = bound;
    } else {
      if (upper !== undefined) throw twice("upper", bound, indexName);
      upper = bound;
    }
  }
  const prefix = encodeKey(equal);
  return { from: lowerEnd(prefix, equal, lower), to: upperEnd(prefix, equal, upper) };
}

function lowerEnd(
  prefix: Uint8Array,
  equal: readonly (Value | undefined)[],
  bound?: RangeExpression,
) {
  if (bound === undefined) return prefix;
  const key = encodeKey([...equal, valueOf(bound.value)]);
  return bound.type === "Gt" ? endOfPrefix(key) : key;
}

function upperEnd(
  prefix: Uint8Array,
  equal: readonly (Value | undefined)[],
  bound?: RangeExpression,
) {
  if (bound === undefined) return endOfPrefix(prefix);
  const key = encodeKey([...equal, valueOf(bound.value)]);
  return bound.type === "Lte" ? endOfPrefix(key) : key;
}

export function valueOf(json: JSONValue): Value | undefined {
  const isUndefined = json !== null && typeof json === "object" && "$undefined" in json;
  return isUndefined ? undefined : decode(json);
}

function outOfOrder(bound: RangeExpression, expected: string | undefined, indexName: string) {
  const hint =
    expected === undefined
      ? "no further field can be constrained after a range or the index's last field"
      : `the next field of the index is \`${expected}\``;
  return new DeveloperError(
    `Index ${indexName} cannot be constrained on \`${bound.fieldPath}\` here: ${hint}.`,
  );
}

function twice(side: string, bound: RangeExpression, indexName: string) {
  return new DeveloperError(
    `Index ${indexName} has two ${side} bounds on \`${bound.fieldPath}\`; at most one is allowed.`,
  );
}
