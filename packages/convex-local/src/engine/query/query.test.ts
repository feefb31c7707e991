import { convexToJson, type JSONValue, type Value } from "convex/values";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, commitOf, mutate, open, query } from "../../../test/engine.ts";
import type { Engine } from "../engine.ts";

async function roomWith(engine: Engine, count: number): Promise<JSONValue> {
  const room = await mutate(engine, "rooms:create", { name: "harbor" });
  await Promise.all(
    Array.from({ length: count }, (_, at) =>
      mutate(engine, "messages:send", { room, text: `m${at + 1}` }),
    ),
  );
  return room;
}

describe("a query", () => {
  test("orders an index by Convex's order of types, missing values first", async () => {
    const engine = await open();
    const values: Value[] = [{ a: 1 }, [1], "b", true, 0.5, 1n, null, "a", -0, 0];
    for (const value of values) await mutate(engine, "things:put", { value: convexToJson(value) });
    await mutate(engine, "things:put");
    const expected: Value[] = ["missing", null, 1n, -0, 0, 0.5, true, "a", "b", [1], { a: 1 }];
    expect(query(engine, "things:ordered")).toEqual(expected.map((value) => convexToJson(value)));
  });

  test("filters across types in the same order", async () => {
    const engine = await open();
    for (const value of [1, "a", null, true]) await mutate(engine, "things:put", { value });
    expect(query(engine, "things:above", { value: 1 })).toEqual(["a", true]);
  });

  test("reads a range between bounds, and the end of one in reverse", async () => {
    const engine = await open();
    const room = await roomWith(engine, 40);
    expect(query(engine, "messages:between", { room, after: 3, upTo: 6 })).toEqual([4, 5, 6]);
    expect(query(engine, "messages:tail", { room, count: 3 })).toEqual(["m40", "m39", "m38"]);
    expect(query(engine, "messages:list", { room })).toHaveLength(40);
  });

  test("that is read beside another gets its own documents, to the end of both", async () => {
    const engine = await open();
    const room = await roomWith(engine, 3);
    expect(query(engine, "messages:ends", { room, count: 2 })).toEqual([
      ["m1", "m2"],
      ["m3", "m2"],
    ]);
    expect(query(engine, "messages:ends", { room, count: 9 })).toEqual([
      ["m1", "m2", "m3"],
      ["m3", "m2", "m1"],
    ]);
  });

  test("of a table that was never written is empty, and knows when the first document comes", async () => {
    const engine = await open();
    const outcome = engine.query(call("things:ordered"));
    const commit = await commitOf(engine, "things:put", { value: 1 });
    expect([outcome.success && outcome.value, outcome.reads.overlaps(commit)]).toEqual([[], true]);
  });
});

describe("what a query consumed", () => {
  const cases = [
    ["the tail of a room", "messages:tail", { count: 2 }, "a new message in it", true],
    ["the whole room", "messages:list", {}, "a new message in it", true],
    ["a closed range", "messages:between", { after: 0, upTo: 2 }, "a new message in it", false],
    ["the first match", "messages:filtered", { text: "m2" }, "a new message in it", false],
    ["a match that is missing", "messages:filtered", { text: "none" }, "a new message in it", true],
  ] as const;
  test.each(cases)("%s (%s %j) against %s: %s", async (_, path, args, __, isAffected) => {
    const engine = await open();
    const room = await roomWith(engine, 4);
    const { reads } = engine.query(call(path, { room, ...args }));
    expect(reads.overlaps(await commitOf(engine, "messages:send", { room, text: "new" }))).toBe(
      isAffected,
    );
  });

  test("is not touched by another room's messages", async () => {
    const engine = await open();
    const room = await roomWith(engine, 2);
    const other = await mutate(engine, "rooms:create", { name: "quay" });
    const { reads } = engine.query(call("messages:list", { room }));
    expect(
      reads.overlaps(await commitOf(engine, "messages:send", { room: other, text: "x" })),
    ).toBe(false);
  });

  test("includes the absence of a document", async () => {
    const engine = await open();
    const { reads } = engine.query(call("rooms:find", { name: "harbor" }));
    expect(reads.overlaps(await commitOf(engine, "rooms:create", { name: "quay" }))).toBe(false);
    expect(reads.overlaps(await commitOf(engine, "rooms:create", { name: "harbor" }))).toBe(true);
  });

  test("includes a document that was read by id and then deleted", async () => {
    const engine = await open();
    const id = await mutate(engine, "rooms:create", { name: "harbor" });
    const { reads } = engine.query(call("rooms:get", { id }));
    expect(reads.overlaps(await commitOf(engine, "rooms:remove", { id }))).toBe(true);
  });

  test("always covers a commit that changes the answer", async () => {
    const engine = await open();
    const rooms = [
      await roomWith(engine, 5),
      await mutate(engine, "rooms:create", { name: "quay" }),
    ];
    const room = fc.constantFrom(...rooms);
    const asked = fc.oneof(
      fc.record({ path: fc.constant("messages:list"), args: fc.record({ room }) }),
      fc.record({
        path: fc.constant("messages:tail"),
        args: fc.record({ room, count: fc.nat({ max: 4 }) }),
      }),
      fc.record({
        path: fc.constant("messages:between"),
        args: fc.record({ room, after: fc.nat({ max: 12 }), upTo: fc.nat({ max: 12 }) }),
      }),
      fc.record({
        path: fc.constant("messages:filtered"),
        args: fc.record({ room, text: fc.constantFrom("a", "b") }),
      }),
      fc.record({
        path: fc.constant("messages:page"),
        args: fc.record({
          room,
          paginationOpts: fc.record({
            numItems: fc.integer({ min: 1, max: 3 }),
            cursor: fc.constant(null),
          }),
        }),
      }),
    );
    const edit = fc.record({
      room,
      seq: fc.nat({ max: 8 }),
      text: fc.constantFrom("a", "b", "c", null),
    });
    await fc.assert(
      fc.asyncProperty(asked, edit, async ({ path, args }, change) => {
        const before = engine.query(call(path, args));
        const commit = await commitOf(engine, "messages:edit", change);
        const after = engine.query(call(path, args), { journal: before.journal });
        const isSame =
          JSON.stringify(before.success && before.value) ===
          JSON.stringify(after.success && after.value);
        expect(isSame || before.reads.overlaps(commit)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

const opts = (cursor: string | null, numItems = 3, more: object = {}) => ({
  cursor,
  numItems,
  ...more,
});

describe("a page", () => {
  type Page = {
    page: number[];
    isDone: boolean;
    continueCursor: string;
    splitCursor: string | null;
  };
  const pageOf = (engine: Engine, room: JSONValue, options: object, order = "asc") =>
    query(engine, "messages:page", { room, paginationOpts: options as JSONValue, order }) as Page;

  test.each(["asc", "desc"])(
    "follows the one before without gap or overlap (%s)",
    async (order) => {
      const engine = await open();
      const room = await roomWith(engine, 8);
      const seen: number[] = [];
      let page: Page | undefined;
      while (!page?.isDone) {
        page = pageOf(engine, room, opts(page?.continueCursor ?? null), order);
        seen.push(...page.page);
      }
      const ascending = [1, 2, 3, 4, 5, 6, 7, 8];
      expect(seen).toEqual(order === "asc" ? ascending : ascending.toReversed());
    },
  );

  test("that is run again with its journal grows with what comes into it", async () => {
    const engine = await open();
    const room = await roomWith(engine, 8);
    const args = { room, paginationOpts: opts(null), order: "desc" };
    const first = engine.query(call("messages:page", args));
    await mutate(engine, "messages:send", { room, text: "m9" });
    const again = engine.query(call("messages:page", args), { journal: first.journal });
    expect(again).toMatchObject({ value: { page: [9, 8, 7, 6] }, journal: first.journal });
  });

  test("is split at its middle by cursors of its own", async () => {
    const engine = await open();
    const room = await roomWith(engine, 8);
    const whole = pageOf(engine, room, opts(null, 6));
    const left = pageOf(engine, room, opts(null, 6, { endCursor: whole.splitCursor }));
    const right = pageOf(
      engine,
      room,
      opts(whole.splitCursor, 6, { endCursor: whole.continueCursor }),
    );
    expect([left.page, right.page]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test("refuses a cursor of another query or a changed one, so that the client starts again", async () => {
    const engine = await open();
    const room = await roomWith(engine, 4);
    const { continueCursor } = pageOf(engine, room, opts(null, 2));
    const changed = `A${continueCursor.slice(1)}x`;
    for (const [cursor, order] of [
      [continueCursor, "desc"],
      [changed, "asc"],
      ["", "asc"],
    ] as const) {
      const outcome = engine.query(
        call("messages:page", { room, paginationOpts: opts(cursor), order }),
      );
      expect(outcome).toMatchObject({
        success: false,
        errorData: { paginationError: "InvalidCursor" },
      });
    }
  });
});
