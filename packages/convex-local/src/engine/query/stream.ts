import type { Entry } from "../../storage/store.ts";
import type { Document } from "../document.ts";
import { DeveloperError } from "../failure.ts";
import type { Transaction } from "../transaction.ts";
import { passes } from "./filter.ts";
import type { Operator, Query } from "./query.ts";
import { type Range, rangeOf } from "./range.ts";
import { RowStream } from "./row-stream.ts";

const MOST_OPERATORS = 256;

/** What a query answers, document by document. Reads no further than it is asked to, and not at all beyond a limit. */
export class QueryStream {
  readonly #rows: RowStream;
  readonly #operators: Operators;

  constructor(transaction: Transaction, query: Query, range?: Range) {
    this.#operators = new Operators(query.operators);
    this.#rows = new RowStream(
      transaction,
      range ?? rangeOf(query.source, transaction.parts.catalog),
      rowsOf(query.operators),
    );
  }

  /** The next document's JSON text, or undefined at the end. */
  next(): string | undefined {
    while (!this.#operators.isExhausted) {
      const row = this.#rows.next();
      if (row === undefined) return undefined;
      if (this.#operators.admit(row)) return row.value;
    }
    return undefined;
  }
}

/** How many rows a query takes at most; undefined where that depends on what is in them. */
function rowsOf([first]: readonly Operator[]): number | undefined {
  const limit = first !== undefined && "limit" in first ? first.limit : undefined;
  return Number.isInteger(limit) ? limit : undefined;
}

/** The filters and limits of one run of a query, in the order in which they were chained. */
export class Operators {
  readonly #steps: ({ filter: Operator & object } | { left: number })[];

  constructor(operators: readonly Operator[]) {
    if (operators.length > MOST_OPERATORS) {
      throw new DeveloperError(`A query has more than ${MOST_OPERATORS} operators.`);
    }
    this.#steps = operators.map((operator) =>
      "limit" in operator ? { left: operator.limit } : { filter: operator },
    );
  }

  /** Whether no further row can pass. */
  get isExhausted(): boolean {
    return this.#steps.some((step) => "left" in step && step.left <= 0);
  }

  admit(row: Entry): boolean {
    let document: Document | undefined;
    for (const step of this.#steps) {
      if ("left" in step) {
        if (step.left <= 0) return false;
        step.left -= 1;
      } else if ("filter" in step.filter) {
        document ??= JSON.parse(row.value) as Document;
        if (!passes(step.filter.filter, document)) return false;
      }
    }
    return true;
  }
}
