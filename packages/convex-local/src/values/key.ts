import type { Value } from "convex/values";

/**
 * Index keys. The bytes of two encoded values compare (memcmp, as SQLite compares BLOBs) as Convex compares the values.
 * Every value is a tag and a self-delimiting payload, so keys of several values compare field by field.
 * Tags are below 0xff and above the terminator 0x00: `prefix ‖ 0xff` lies after everything that starts with `prefix`.
 */
const UNDEFINED = 0x01;
const NULL = 0x02;
const INT64 = 0x03;
const FLOAT64 = 0x04;
const FALSE = 0x05;
const TRUE = 0x06;
const STRING = 0x07;
const BYTES = 0x08;
const ARRAY = 0x09;
const OBJECT = 0x0a;
const END = 0x00;
/** Follows a 0x00 inside a payload, so that it is no terminator. No tag has this value. */
const ESCAPE = 0xff;

const SIGN = 1n << 63n;

/** The key of a tuple of values; a missing field is `undefined` and has its own place before null. */
export function encodeKey(values: readonly (Value | undefined)[]): Uint8Array {
  length = 0;
  for (const value of values) append(value);
  return new Uint8Array(scratch.subarray(0, length));
}

// Keys are made one after the other, many for each mutation, so they are made in one place and copied once.
let scratch = Buffer.alloc(1024);
let length = 0;

function reserve(bytes: number): void {
  if (length + bytes <= scratch.length) return;
  const larger = Buffer.alloc(Math.max(scratch.length * 2, length + bytes));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
}

function byte(value: number): void {
  reserve(1);
  scratch[length++] = value;
}

/** The first key after `key`. */
export function keyAfter(key: Uint8Array): Uint8Array {
  return extended(key, 0x00);
}

/** A key after every key that starts with `prefix` and before every greater one. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array {
  return extended(prefix, 0xff);
}

function extended(key: Uint8Array, last: number): Uint8Array {
  const longer = new Uint8Array(key.length + 1);
  longer.set(key);
  longer[key.length] = last;
  return longer;
}

function append(value: Value | undefined): void {
  if (value === undefined) byte(UNDEFINED);
  else if (value === null) byte(NULL);
  else if (typeof value === "bigint") int64(value);
  else if (typeof value === "number") float64(value);
  else if (typeof value === "boolean") byte(value ? TRUE : FALSE);
  else if (typeof value === "string") string(value);
  else if (value instanceof ArrayBuffer) escaped(BYTES, Buffer.from(value));
  else if (Array.isArray(value)) array(value);
  else object(value as Record<string, Value | undefined>);
}

function int64(value: bigint): void {
  byte(INT64);
  reserve(8);
  length = scratch.writeBigUInt64BE(BigInt.asUintN(64, value) ^ SIGN, length);
}

/** IEEE total order: negative numbers have all bits flipped, others only the sign. Keeps −0 before +0 and NaN by its bits. */
function float64(value: number): void {
  byte(FLOAT64);
  reserve(8);
  const from = length;
  length = scratch.writeDoubleBE(value, from);
  const first = scratch[from] ?? 0;
  if ((first & 0x80) === 0) scratch[from] = first | 0x80;
  else for (let at = from; at < length; at++) scratch[at] = ~(scratch[at] ?? 0) & 0xff;
}

const LONGEST_BYTEWISE = 64;

/** Short and plain texts, which most are, byte by byte. */
function string(text: string): void {
  if (text.length > LONGEST_BYTEWISE) {
    escaped(STRING, Buffer.from(text, "utf8"));
    return;
  }
  const from = length;
  reserve(text.length + 2);
  scratch[length++] = STRING;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0 || code > 0x7f) {
      length = from;
      escaped(STRING, Buffer.from(text, "utf8"));
      return;
    }
    scratch[length++] = code;
  }
  scratch[length++] = END;
}

function escaped(tag: number, payload: Buffer): void {
  byte(tag);
  let from = 0;
  for (let zero = payload.indexOf(0); zero !== -1; zero = payload.indexOf(0, from)) {
    copy(payload.subarray(from, zero + 1));
    byte(ESCAPE);
    from = zero + 1;
  }
  copy(payload.subarray(from));
  byte(END);
}

function copy(payload: Buffer): void {
  reserve(payload.length);
  length += payload.copy(scratch, length);
}

function array(elements: readonly Value[]): void {
  byte(ARRAY);
  for (const element of elements) append(element);
  byte(END);
}

function object(fields: Readonly<Record<string, Value | undefined>>): void {
  byte(OBJECT);
  for (const field of Object.keys(fields).sort()) {
    const value = fields[field];
    if (value === undefined) continue;
    string(field);
    append(value);
  }
  byte(END);
}
