import { convexToJson, getDocumentSize, type Value } from "convex/values";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeId, newInternalId } from "../values/id.ts";
import { complete, type Document } from "./document.ts";

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, 1n, -0, 1.5, true, "", "héron", "\u{1f980}"),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => bytes.slice().buffer),
    fc.array(tie("value"), { maxLength: 3 }) as fc.Arbitrary<Value>,
    fc.dictionary(fc.constantFrom("x", "long"), tie("value"), {
      noNullPrototype: true,
    }) as fc.Arbitrary<Value>,
  ),
})).value;
const fields = fc.dictionary(fc.constantFrom("a", "room", "text"), value, {
  noNullPrototype: true,
});

test("a document has the size that Convex gives it", () => {
  const id = encodeId(10_001, newInternalId(new Uint8Array(14), 0));
  fc.assert(
    fc.property(fields, (document) => {
      const { size } = complete(convexToJson(document) as Document, id, 1);
      expect(size).toBe(getDocumentSize(document));
    }),
    { numRuns: 500 },
  );
});
