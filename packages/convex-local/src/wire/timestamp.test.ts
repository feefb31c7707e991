import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTimestamp, encodeTimestamp } from "./timestamp.ts";

test("every 64-bit timestamp survives the wire", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (ts) => {
      expect(decodeTimestamp(encodeTimestamp(ts))).toBe(ts);
    }),
  );
});

test("a timestamp is little-endian base64, as the official clients read it", () => {
  expect(encodeTimestamp(1n)).toBe("AQAAAAAAAAA=");
});

test.each([null, 7, "", "AQ==", "AQAAAAAAAAAA", "not base64!="])("%j is no timestamp", (text) => {
  expect(decodeTimestamp(text)).toBeNull();
});
