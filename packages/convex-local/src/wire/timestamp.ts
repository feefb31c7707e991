/**
 * Commit timestamps travel as base64 of 8 little-endian bytes (nanoseconds since the epoch):
 * JSON numbers would lose the last digits.
 */
export function encodeTimestamp(ts: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}

/** The timestamp, or null when the text is not exactly 8 bytes in base64. */
export function decodeTimestamp(text: unknown): bigint | null {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]{11}=$/.test(text)) return null;
  return Buffer.from(text, "base64").readBigUInt64LE();
}
