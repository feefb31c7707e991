import type { JSONValue } from "convex/values";

/**
 * The seam between the two halves of the runtime: the *engine* (functions, transactions, storage) below,
 * the *wire* (HTTP, sync protocol, scheduler loops) above. The wire never sees SQLite, the engine never sees a socket.
 */

/** Claims of a verified token, as `ctx.auth.getUserIdentity()` returns them (`tokenIdentifier`, `subject`, `issuer`, …). */
export type UserAttributes = { readonly [claim: string]: JSONValue };

/** Who calls, after verification by the wire. Only an admin may call internal functions from outside. */
export type Identity =
  | { readonly kind: "none" }
  | { readonly kind: "user"; readonly attributes: UserAttributes }
  | { readonly kind: "admin"; readonly actingAs?: UserAttributes };

export type FunctionKind = "query" | "mutation" | "action";

/** `path` as clients write it (`dir/module:export`); `args` is one Convex-JSON object. */
export interface FunctionCall {
  readonly path: string;
  readonly args: JSONValue;
  readonly identity: Identity;
  /** `client` reaches public functions only; `internal` is the scheduler, crons and the runtime itself. */
  readonly caller: "client" | "internal";
}

export type Outcome =
  | { readonly success: true; readonly value: JSONValue; readonly logLines: readonly string[] }
  | {
      readonly success: false;
      readonly errorMessage: string;
      /** `ConvexError.data` as Convex JSON. */
      readonly errorData?: JSONValue;
      readonly logLines: readonly string[];
    };

/** What a query consumed, index interval by index interval. */
export interface ReadSet {
  /** Whether the old or new index key of any document that the commit wrote lies in one of the intervals. */
  overlaps(commit: Commit): boolean;
}

export type QueryOutcome = Outcome & {
  /** Commit timestamp (ns since epoch) at which the result is true. */
  readonly ts: bigint;
  readonly journal: string | null;
  readonly reads: ReadSet;
  /** Whether `getUserIdentity` was called: only then is the result specific to the caller. */
  readonly observedIdentity: boolean;
  readonly observedTime: boolean;
};

/** `ts` is null on failure: failures are neither committed nor recorded for idempotency. */
export type MutationOutcome = Outcome & { readonly ts: bigint | null };

/** One durable commit: its timestamp and, per index, the keys it removed and added. */
export interface Commit {
  readonly ts: bigint;
  readonly writes: readonly {
    readonly index: string;
    readonly oldKey: Uint8Array | null;
    readonly newKey: Uint8Array | null;
  }[];
}
