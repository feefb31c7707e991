import type { Functions } from "./functions.ts";

/** How much the last run counts. */
const NEWEST = 0.2;

/** What runs of each query have cost lately, in milliseconds. */
export class QueryCosts {
  readonly #byPath = new Map<string, number>();
  readonly #functions: () => Functions;

  constructor(functions: () => Functions) {
    this.#functions = functions;
  }

  add(path: string, cost: number): void {
    // Only of functions that there are: strangers may name as many others as they like.
    const known = this.#functions().find(path)?.path;
    if (known === undefined) return;
    const before = this.#byPath.get(known) ?? cost;
    this.#byPath.set(known, before + (cost - before) * NEWEST);
  }

  /** Zero for one that has not run yet, and undefined for what is no query. */
  of(path: string): number | undefined {
    const definition = this.#functions().find(path);
    return definition?.kind === "query" ? (this.#byPath.get(definition.path) ?? 0) : undefined;
  }

  /** The functions have changed. */
  forget(): void {
    this.#byPath.clear();
  }
}
