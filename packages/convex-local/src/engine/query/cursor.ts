import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Store } from "../../storage/store.ts";
import { DeveloperError } from "../failure.ts";
import type { Query } from "./query.ts";

/** A place in the rows of a query: before all, after the row with this key, or after all. */
export type Position =
  | { readonly at: "start" }
  | { readonly at: "key"; readonly key: Uint8Array }
  | { readonly at: "end" };

const FINGERPRINT_BYTES = 12;
const SEAL_BYTES = 16;
const SECRET = "cursorSecret";

/**
 * Cursors are opaque: `tag ‖ key ‖ fingerprint of the query ‖ seal`. The seal is made with a secret of this database, so a
 * client can neither forge a key nor carry a cursor over to another query.
 */
export class Cursors {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  write(position: Position, query: Query): string {
    const tag = position.at === "start" ? 0 : position.at === "key" ? 1 : 2;
    const key = position.at === "key" ? position.key : new Uint8Array();
    const body = Buffer.concat([Buffer.of(tag), key, fingerprint(query)]);
    return Buffer.concat([body, this.#seal(body)]).toString("base64url");
  }

  /** Throws the InvalidCursor that makes the React client start again from the first page. */
  read(cursor: string, query: Query): Position {
    const bytes = Buffer.from(cursor, "base64url");
    const body = bytes.subarray(0, -SEAL_BYTES);
    if (body.length < 1 + FINGERPRINT_BYTES) throw invalid();
    if (!timingSafeEqual(this.#seal(body), bytes.subarray(-SEAL_BYTES))) throw invalid();
    if (!fingerprint(query).equals(body.subarray(-FINGERPRINT_BYTES))) throw invalid();
    const key = body.subarray(1, -FINGERPRINT_BYTES);
    if (body[0] === 0) return { at: "start" };
    return body[0] === 1 ? { at: "key", key } : { at: "end" };
  }

  #seal(body: Uint8Array): Buffer {
    return createHmac("sha256", this.#secret).update(body).digest().subarray(0, SEAL_BYTES);
  }
}

/** The secret of a database's cursors, if it has one yet. */
export function secretIn(store: Store): Uint8Array | undefined {
  const kept = store.meta(SECRET);
  return kept === undefined ? undefined : Buffer.from(kept, "hex");
}

/** The same, made when it is missing. */
export function ensureSecret(store: Store, make: () => Uint8Array): Uint8Array {
  const kept = secretIn(store);
  if (kept !== undefined) return kept;
  const secret = make();
  store.transaction(() => store.setMeta(SECRET, Buffer.from(secret).toString("hex")));
  return secret;
}

/** Of index, range, order and operators: whatever decides which rows come, and in which order. */
function fingerprint(query: Query): Buffer {
  const text = JSON.stringify([query.source, query.operators]);
  return createHash("sha256").update(text).digest().subarray(0, FINGERPRINT_BYTES);
}

function invalid(): DeveloperError {
  return new DeveloperError("InvalidCursor: the cursor does not belong to this query.", {
    isConvexSystemError: true,
    paginationError: "InvalidCursor",
  });
}
