import { getConvexSize, type JSONValue, type Value } from "convex/values";
import { decode } from "../values/decode.ts";
import { encodeKey } from "../values/key.ts";
import type { Index } from "./catalog.ts";
import { DeveloperError } from "./failure.ts";

/** A document in Convex's JSON form. */
export type Document = { readonly [field: string]: JSONValue };

const LARGEST_DOCUMENT = 1024 * 1024;
const DEEPEST_NESTING = 16;
export const LONGEST_ARRAY = 8192;
/** The system fields included. */
const MOST_FIELDS = 1024;

/** The value at a path like `state.kind`; undefined if any step of it is missing. */
export function fieldAt(document: Document, path: string): Value | undefined {
  let at: JSONValue | undefined = document;
  for (const step of path.split(".")) {
    if (at === null || typeof at !== "object" || Array.isArray(at)) return undefined;
    at = Object.hasOwn(at, step) ? at[step] : undefined;
    if (at === undefined) return undefined;
  }
  return decode(at);
}

export function keyOf(index: Index, document: Document): Uint8Array {
  return encodeKey(index.fields.map((path) => fieldAt(document, path)));
}

/** Whether two versions of a document plainly have one key: a false alarm costs a comparison of the keys. */
export function hasSameKey(index: Index, before: Document, after: Document): boolean {
  return index.fields.every((path) => {
    const value = before[path];
    return value === undefined
      ? !path.includes(".") && after[path] === undefined
      : typeof value !== "object" && value === after[path];
  });
}

/** The document with its system fields and its fields in order, and its size; refuses what no Convex database stores. */
export function complete(
  fields: Document,
  id: string,
  creationTime: number,
  largest = LARGEST_DOCUMENT,
): { readonly document: Document; readonly size: number } {
  for (const name of Object.keys(fields)) {
    if (!name.startsWith("_")) continue;
    const isOwn =
      (name === "_id" && fields[name] === id) ||
      (name === "_creationTime" && fields[name] === creationTime);
    if (isOwn) continue;
    throw new DeveloperError(
      name === "_id" || name === "_creationTime"
        ? `Field \`${name}\` is set by the database and cannot be changed.`
        : `Field \`${name}\` starts with an underscore, which is reserved.`,
    );
  }
  const all: { readonly [field: string]: JSONValue } = {
    ...fields,
    _id: id,
    _creationTime: creationTime,
  };
  const document: { [field: string]: JSONValue } = {};
  for (const name of Object.keys(all).sort()) document[name] = all[name] as JSONValue;
  const size = plainSize(document, 1);
  return { document, size: size <= largest ? size : sizeOf(document, largest) };
}

/**
 * The size of a value that is plainly fine, in one pass; NaN for one that has to be looked at closely because it is deep, wide,
 * written in one of JSON's detours, or not well-formed.
 */
function plainSize(value: JSONValue, level: number): number {
  if (typeof value === "string") return 2 + plainLength(value);
  if (typeof value === "number") return 9;
  if (value === null || typeof value !== "object") return 1;
  if (level > DEEPEST_NESTING) return Number.NaN;
  let size = 2;
  if (Array.isArray(value)) {
    if (value.length > LONGEST_ARRAY) return Number.NaN;
    for (const element of value) size += plainSize(element, level + 1);
    return size;
  }
  const names = Object.keys(value);
  if (names.length > MOST_FIELDS) return Number.NaN;
  for (const name of names) {
    if (!PLAIN_NAME.test(name)) return Number.NaN;
    size += name.length + 1 + plainSize(value[name] as JSONValue, level + 1);
  }
  return size;
}

const PLAIN_NAME = /^\w{1,1024}$/;

function plainLength(text: string): number {
  return text.isWellFormed() ? Buffer.byteLength(text) : Number.NaN;
}

/** In bytes, as Convex counts. Throws for a document that is too large, too deep or too wide. */
function sizeOf(document: { [field: string]: JSONValue }, largest: number): number {
  refuseShape(document, 1);
  const size = getConvexSize(decode(document));
  if (size > largest) {
    throw new DeveloperError(`Document is too large: ${size} bytes, at most ${largest}.`);
  }
  return size;
}

/** Stops at the first excess, so that a hostile depth costs nothing. */
function refuseShape(value: JSONValue, level: number): void {
  if (value === null || typeof value !== "object") return;
  if (level > DEEPEST_NESTING) {
    throw new DeveloperError(`Document is nested more than ${DEEPEST_NESTING} levels deep.`);
  }
  const inner = Object.values(value);
  if (Array.isArray(value) && inner.length > LONGEST_ARRAY) {
    throw new DeveloperError(
      `Array is too long: ${inner.length} elements, at most ${LONGEST_ARRAY}.`,
    );
  }
  if (!Array.isArray(value) && inner.length > MOST_FIELDS) {
    throw new DeveloperError(
      `Object has too many fields: ${inner.length}, at most ${MOST_FIELDS}.`,
    );
  }
  for (const element of inner) refuseShape(element, level + 1);
}

/** Writes the commit's timestamp wherever `db.vars.commitTs` stands; a value without it is answered as it is. */
export function resolveCommitTs(value: JSONValue, ts: bigint): JSONValue {
  return hasCommitTs(value) ? withCommitTs(value, ts) : value;
}

function hasCommitTs(value: JSONValue): boolean {
  if (value === null || typeof value !== "object") return false;
  if (Array.isArray(value)) return value.some(hasCommitTs);
  for (const name in value) {
    if (name === "$commitTs" || hasCommitTs(value[name] as JSONValue)) return true;
  }
  return false;
}

function withCommitTs(value: JSONValue, ts: bigint): JSONValue {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((element) => withCommitTs(element, ts));
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "$commitTs") {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(ts);
    return { $integer: bytes.toString("base64") };
  }
  return Object.fromEntries(entries.map(([name, inner]) => [name, withCommitTs(inner, ts)]));
}
