import type { JSONValue } from "convex/values";

/** What a function did wrong. It reaches the function as a rejected call, and its caller as an unsuccessful outcome. */
export class DeveloperError extends Error {
  override readonly name = "DeveloperError";
  /** `ConvexError.data` as Convex JSON. */
  readonly data: JSONValue | undefined;

  constructor(message: string, data?: JSONValue) {
    super(message);
    this.data = data;
  }
}

/** The failure of a function that was ended after `timeout` milliseconds. */
export function tooSlow({ path }: { readonly path: string }, timeout: number): DeveloperError {
  return new DeveloperError(`Function ${path} timed out: it may run for ${timeout} ms.`);
}
