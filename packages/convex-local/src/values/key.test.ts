import { compareValues, type Value } from "convex/values";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeKey, endOfPrefix, keyAfter } from "./key.ts";

const fieldName = fc.string({ unit: fc.constantFrom("a", "b", "Z", "_", "~"), maxLength: 3 });
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.double(),
  fc.constantFrom(-0, 0, NaN, Infinity, -Infinity, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE),
  fc.boolean(),
  fc.string({ unit: "binary", maxLength: 8 }).filter((text) => text.isWellFormed()),
  fc.string({ unit: fc.constantFrom("\0", "\u0001", "ÿ", "\uffff", "😀", "a"), maxLength: 4 }),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => bytes.slice().buffer),
  fc
    .array(fc.constantFrom(0, 1, 0xfe, 0xff), { maxLength: 4 })
    .map((bytes) => Uint8Array.from(bytes).buffer),
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fieldName, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const field = fc.option(value, { nil: undefined, freq: 8 });

const order = (left: Uint8Array, right: Uint8Array) => Math.sign(Buffer.compare(left, right));

describe("an index key", () => {
  test("of one value compares as Convex compares the values", () => {
    fc.assert(
      fc.property(field, field, (left, right) => {
        expect(order(encodeKey([left]), encodeKey([right]))).toBe(
          Math.sign(compareValues(left, right)),
        );
      }),
      { numRuns: 3000 },
    );
  });

  test("of several values compares field by field", () => {
    const tuple = fc.tuple(field, field, fc.constantFrom("", "a", "\0", 1, -0));
    fc.assert(
      fc.property(tuple, tuple, (left, right) => {
        const first = left
          .map((one, at) => compareValues(one, right[at]))
          .find((result) => result !== 0);
        expect(order(encodeKey(left), encodeKey(right))).toBe(Math.sign(first ?? 0));
      }),
      { numRuns: 2000 },
    );
  });

  test("keeps the types in Convex's order, with minus zero before zero", () => {
    const ascending: (Value | undefined)[] = [
      undefined,
      null,
      -1n,
      1n,
      -Infinity,
      -0,
      0,
      0.5,
      Infinity,
      NaN,
      false,
      true,
      "",
      "a",
      "\uffff",
      "😀",
      new ArrayBuffer(0),
      [],
      [null],
      {},
      { a: 1 },
    ];
    const keys = ascending.map((one) => encodeKey([one]));
    expect(keys.toSorted((left, right) => Buffer.compare(left, right))).toEqual(keys);
  });

  test("with any continuation lies between its prefix and the end of that prefix", () => {
    fc.assert(
      fc.property(field, field, (head, tail) => {
        const prefix = encodeKey([head]);
        const whole = encodeKey([head, tail]);
        expect(order(prefix, whole)).toBe(-1);
        expect(order(whole, endOfPrefix(prefix))).toBe(-1);
        expect(order(keyAfter(whole), whole)).toBe(1);
      }),
    );
  });
});
