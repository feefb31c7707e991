import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeId, FIRST_USER_TABLE, newInternalId, tableOfId } from "./id.ts";

const internal = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe("a document id", () => {
  test("names its table, whatever the table's number", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), internal, (table, bytes) => {
        const id = encodeId(table, bytes);
        expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{31,37}$/);
        expect(tableOfId(id)).toBe(table);
      }),
    );
  });

  test("of an app's table has 32 characters", () => {
    const id = encodeId(
      FIRST_USER_TABLE,
      newInternalId(new Uint8Array(14), Date.UTC(2026, 10, 20)),
    );
    expect(id).toHaveLength(32);
  });

  test("with any one character changed is no id", () => {
    fc.assert(
      fc.property(
        internal,
        fc.nat({ max: 31 }),
        fc.constantFrom("0", "1", "2", "9", "a", "z"),
        (bytes, at, letter) => {
          const id = encodeId(FIRST_USER_TABLE, bytes);
          fc.pre(id[at] !== letter);
          const changed = id.slice(0, at) + letter + id.slice(at + 1);
          expect(tableOfId(changed)).toBeUndefined();
        },
      ),
    );
  });

  test.each(["", "harbor", "k".repeat(32), "K".repeat(32), "0".repeat(200), "i".repeat(32)])(
    "is not %j",
    (text) => expect(tableOfId(text)).toBeUndefined(),
  );
});
