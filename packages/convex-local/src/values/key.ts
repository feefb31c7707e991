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
  const out: Buffer[] = [];
  for (const value of values) append(out, value);
  return Buffer.concat(out);
}

/** The first key after `key`. */
export function keyAfter(key: Uint8Array): Uint8Array {
  return Buffer.concat([key, Buffer.of(0x00)]);
}

/** A key after every key that starts with `prefix` and before every greater one. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array {
  return Buffer.concat([prefix, Buffer.of(0xff)]);
}

function append(out: Buffer[], value: Value | undefined): void {
  if (value === undefined) out.push(Buffer.of(UNDEFINED));
  else if (value === null) out.push(Buffer.of(NULL));
  else if (typeof value === "bigint") out.push(int64(value));
  else if (typeof value === "number") out.push(float64(value));
  else if (typeof value === "boolean") out.push(Buffer.of(value ? TRUE : FALSE));
  else if (typeof value === "string") appendBytes(out, STRING, Buffer.from(value, "utf8"));
  else if (value instanceof ArrayBuffer) appendBytes(out, BYTES, Buffer.from(value));
  else if (Array.isArray(value)) appendArray(out, value);
  else appendObject(out, value as Record<string, Value | undefined>);
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = INT64;
  bytes.writeBigUInt64BE(BigInt.asUintN(64, value) ^ SIGN, 1);
  return bytes;
}

/** IEEE total order: negative numbers have all bits flipped, others only the sign. Keeps −0 before +0 and NaN by its bits. */
function float64(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = FLOAT64;
  bytes.writeDoubleBE(value, 1);
  if (((bytes[1] ?? 0) & 0x80) === 0) bytes[1] = (bytes[1] ?? 0) | 0x80;
  else for (let at = 1; at < 9; at++) bytes[at] = ~(bytes[at] ?? 0) & 0xff;
  return bytes;
}

function appendBytes(out: Buffer[], tag: number, payload: Buffer): void {
  out.push(Buffer.of(tag));
  let from = 0;
  for (let zero = payload.indexOf(0); zero !== -1; zero = payload.indexOf(0, from)) {
    out.push(payload.subarray(from, zero + 1), Buffer.of(ESCAPE));
    from = zero + 1;
  }
  out.push(payload.subarray(from), Buffer.of(END));
}

function appendArray(out: Buffer[], elements: readonly Value[]): void {
  out.push(Buffer.of(ARRAY));
  for (const element of elements) append(out, element);
  out.push(Buffer.of(END));
}

function appendObject(out: Buffer[], object: Readonly<Record<string, Value | undefined>>): void {
  out.push(Buffer.of(OBJECT));
  for (const field of Object.keys(object).sort()) {
    const value = object[field];
    if (value === undefined) continue;
    append(out, field);
    append(out, value);
  }
  out.push(Buffer.of(END));
}
