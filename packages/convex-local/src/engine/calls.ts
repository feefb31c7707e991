/** How often something happened since the start. Nested calls within a query or mutation are part of it, as on a bill of Convex. */
export interface CallCounts {
  /** Runs of queries: asked for, for a subscription, or again after a commit. */
  readonly query: number;
  readonly mutation: number;
  readonly action: number;
  readonly httpAction: number;
  /** Answers to subscriptions that another subscription's run gave. Convex bills them like runs. */
  readonly shared: number;
}

export class Calls {
  readonly #counts = { query: 0, mutation: 0, action: 0, httpAction: 0, shared: 0 };

  add(kind: keyof CallCounts): void {
    this.#counts[kind] += 1;
  }

  counts(): CallCounts {
    return { ...this.#counts };
  }
}
