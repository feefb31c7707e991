import type { Functions } from "../functions.ts";

/** How much the last run counts. One that was interrupted takes longer than it costs, so more counts less. */
const NEWEST = { less: 0.5, more: 0.05 };

/** What runs of each query have cost lately, in milliseconds, rather too little than too much. */
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
    const weight = cost < before ? NEWEST.less : NEWEST.more;
    this.#byPath.set(known, before + (cost - before) * weight);
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
