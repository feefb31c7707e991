import type { JSONValue } from "convex/values";

/** A query as `ctx.db.query(…)` describes it to its host. */
export interface Query {
  readonly source: Source;
  readonly operators: readonly Operator[];
}

export type Source =
  | { readonly type: "FullTableScan"; readonly tableName: string; readonly order: Order | null }
  | {
      readonly type: "IndexRange";
      readonly indexName: string;
      readonly range: readonly RangeExpression[];
      readonly order: Order | null;
    }
  | { readonly type: "Search"; readonly indexName: string };

export type Order = "asc" | "desc";

export interface RangeExpression {
  readonly type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  readonly fieldPath: string;
  readonly value: JSONValue;
}

/** Applied in the order in which they were chained. */
export type Operator = { readonly filter: JSONValue } | { readonly limit: number };
