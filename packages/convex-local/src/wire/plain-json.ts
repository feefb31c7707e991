import type { JSONValue } from "convex/values";

/**
 * Convex JSON as plain JSON (`format: "json"`): int64 as a decimal string, bytes as base64,
 * NaN, the infinities and -0 by their names, everything else as it is.
 */
export function plainJson(value: JSONValue): JSONValue {
  if (Array.isArray(value)) return value.map(plainJson);
  if (value === null || typeof value !== "object") return value;
  const special = plainSpecial(value);
  if (special !== undefined) return special;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, plainJson(inner ?? null)]),
  );
}

function plainSpecial(value: { [key: string]: JSONValue | undefined }): string | undefined {
  const { $integer, $float, $bytes } = value;
  if (typeof $bytes === "string") return $bytes;
  if (typeof $integer === "string") {
    return Buffer.from($integer, "base64").readBigInt64LE().toString();
  }
  if (typeof $float === "string") {
    const float = Buffer.from($float, "base64").readDoubleLE();
    return Object.is(float, -0) ? "-0" : String(float);
  }
  return undefined;
}
