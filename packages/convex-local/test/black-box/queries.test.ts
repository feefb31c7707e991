import type { Value } from "convex/values";
import { beforeAll, describe, expect, test } from "vitest";
import { FAILED, http, newRun, outcome, useDeployment } from "./target.ts";

useDeployment();

const bytes = (...list: number[]) => Uint8Array.from(list).buffer;
/** In the order of Convex; "none" is a row without the field. */
const ASCENDING: readonly Value[] = [
  "none",
  null,
  -(2n ** 63n),
  -1n,
  0n,
  2n ** 63n - 1n,
  -Infinity,
  -1.5,
  -0,
  0,
  5e-324,
  2,
  Infinity,
  Number.NaN,
  false,
  true,
  "",
  "a",
  "a\0",
  "ab",
  "b",
  "\uffff",
  "\u{1f980}",
  bytes(),
  bytes(0),
  bytes(0, 1),
  bytes(255),
  [],
  [null],
  [1n, 2],
  [1, 1],
  [[]],
  {},
  { x: 1 },
  { x: 1, y: 2 },
  { x: 2 },
];
const rowOf = (a: Value) => (a === "none" ? {} : { a });

describe("by an index", () => {
  const run = newRun();
  beforeAll(async () => {
    // A fixed shuffle: neither the order of keys nor its reverse.
    const shuffled = ASCENDING.map((value, at) => [(at * 17) % 36, value] as const).sort(
      ([l], [r]) => l - r,
    );
    await http().mutation("rows:fill", { run, rows: shuffled.map(([, value]) => rowOf(value)) });
  });

  test("rows come in Convex's order of values", async () => {
    expect(await http().query("rows:list", { run })).toStrictEqual(ASCENDING);
    expect(await http().query("rows:list", { run, order: "desc" })).toStrictEqual(
      ASCENDING.toReversed(),
    );
  });

  test.each(ASCENDING.map((value, at) => ({ value, at })).slice(1))(
    "$value parts them into before, equal and after",
    async ({ value, at }) => {
      const part = async (bound: string) =>
        await http().query("rows:list", { run, bounds: [[bound, "a", value]] });
      expect(await part("eq")).toStrictEqual([value]);
      expect(await part("lt")).toStrictEqual(ASCENDING.slice(0, at));
      expect(await part("lte")).toStrictEqual(ASCENDING.slice(0, at + 1));
      expect(await part("gt")).toStrictEqual(ASCENDING.slice(at + 1));
      expect(await part("gte")).toStrictEqual(ASCENDING.slice(at));
    },
  );

  test.each<[string, Value[], number]>([
    [
      "between two doubles",
      [
        ["gt", "a", -2],
        ["lt", "a", 2],
      ],
      4,
    ],
    [
      "of doubles only",
      [
        ["gte", "a", -Infinity],
        ["lt", "a", false],
      ],
      8,
    ],
    [
      "of an empty range",
      [
        ["gt", "a", 2],
        ["lt", "a", 2],
      ],
      0,
    ],
    [
      "of a range upside down",
      [
        ["gt", "a", 5],
        ["lt", "a", 1],
      ],
      0,
    ],
  ])("a range %s is answered", async (_, bounds, count) => {
    expect(await http().query("rows:list", { run, bounds })).toHaveLength(count);
  });

  test.each<[string, Value[]]>([
    ["on a field that the index does not have", [["eq", "b", 1]]],
    [
      "twice from below",
      [
        ["gt", "a", 1],
        ["gte", "a", 2],
      ],
    ],
    [
      "with an equality after a range",
      [
        ["gt", "a", 1],
        ["eq", "a", 2],
      ],
    ],
    ["on a field out of turn", [["eq", "_creationTime", 1]]],
  ])("a range %s is refused", async (_, bounds) => {
    expect(await outcome(http().query("rows:list", { run, bounds }))).toEqual(FAILED);
  });
});

describe("by an index of two fields", () => {
  const run = newRun();
  const PAIRS: Value[][] = [1, 2].flatMap((a) => ["x", "y", "z"].map((b) => [a, b]));
  beforeAll(async () => {
    const rows = PAIRS.toReversed().map(([a = null, b = null]) => ({ a, b }));
    await http().mutation("rows:fill", { run, rows });
  });
  const list = async (args: Record<string, Value>) =>
    await http().query("rows:list", { run, index: "by_run_a_b", both: true, ...args });

  test.each<[string, Record<string, Value>, Value[][]]>([
    ["all", {}, PAIRS],
    ["all, backwards", { order: "desc" }, PAIRS.toReversed()],
    ["those with the first", { bounds: [["eq", "a", 2]] }, PAIRS.slice(3)],
    [
      "one",
      {
        bounds: [
          ["eq", "a", 1],
          ["eq", "b", "y"],
        ],
      },
      [[1, "y"]],
    ],
    [
      "a range within the first",
      {
        bounds: [
          ["eq", "a", 1],
          ["gt", "b", "x"],
        ],
      },
      PAIRS.slice(1, 3),
    ],
    [
      "a range, backwards",
      {
        order: "desc",
        bounds: [
          ["eq", "a", 2],
          ["lte", "b", "y"],
        ],
      },
      [
        [2, "y"],
        [2, "x"],
      ],
    ],
    ["a range of firsts", { bounds: [["gt", "a", 1]] }, PAIRS.slice(3)],
    ["the first two", { take: 2 }, PAIRS.slice(0, 2)],
    ["none of zero", { take: 0 }, []],
    ["no more than there are", { take: 99 }, PAIRS],
  ])("%s", async (_, args, expected) => {
    expect(await list(args)).toEqual(expected);
  });

  test("rows of one key come in the order in which they were made", async () => {
    const own = newRun();
    await http().mutation("rows:fill", { run: own, rows: [3, 1, 2].map((b) => ({ a: 0, b })) });
    expect(await http().query("rows:list", { run: own, both: true })).toEqual([
      [0, 3],
      [0, 1],
      [0, 2],
    ]);
  });
});

test("an index on a nested field takes rows without it as undefined", async () => {
  const run = newRun();
  const rows = [{ a: { x: { y: 2 } } }, { a: 7 }, { a: { x: { y: 1 } } }, {}, { a: { x: 3 } }];
  await http().mutation("rows:fill", { run, rows });
  expect(await http().query("rows:list", { run, index: "by_run_inner" })).toEqual([
    7,
    "none",
    { x: 3 },
    { x: { y: 1 } },
    { x: { y: 2 } },
  ]);
  const bounds: Value = [["eq", "a.x.y", 2]];
  expect(await http().query("rows:list", { run, index: "by_run_inner", bounds })).toEqual([
    { x: { y: 2 } },
  ]);
});

describe("one row", () => {
  test.each<[string, number[], unknown, unknown]>([
    ["none", [], { value: null }, { value: null }],
    ["one", [4], { value: 4 }, { value: 4 }],
    ["two", [5, 4], { value: 4 }, FAILED],
  ])("of %s: first and unique", async (_, values, first, unique) => {
    const run = newRun();
    await http().mutation("rows:fill", { run, rows: values.map((a) => ({ a })) });
    expect(await outcome(http().query("rows:first", { run }))).toEqual(first);
    expect(await outcome(http().query("rows:unique", { run }))).toEqual(unique);
  });
});

test("a query that is iterated can be left in the middle", async () => {
  const run = newRun();
  await http().mutation("rows:fill", { run, rows: [1, 2, 3, 4].map((a) => ({ a })) });
  expect(await http().query("rows:iterate", { run })).toEqual([1, 2]);
});

const value = (one: Value): Value => ["value", one];

describe("a filter", () => {
  const run = newRun();
  beforeAll(async () => {
    const rows = [1, 2, 3, 4n, "x", null].map((a): Value => ({ a, b: { c: [a] } }));
    await http().mutation("rows:fill", { run, rows: [...rows, {}] });
  });
  const a: Value = ["field", "a"];

  test.each<[string, Value, Value[]]>([
    ["eq", ["eq", a, value(2)], [2]],
    ["neq", ["neq", a, value(2)], ["none", null, 4n, 1, 3, "x"]],
    ["lt across types", ["lt", a, value(2)], ["none", null, 4n, 1]],
    ["lte", ["lte", a, value(2)], ["none", null, 4n, 1, 2]],
    ["gt across types", ["gt", a, value(2)], [3, "x"]],
    ["gte", ["gte", a, value(3)], [3, "x"]],
    ["and", ["and", ["gt", a, value(1)], ["lt", a, value(3)]], [2]],
    ["or", ["or", ["eq", a, value(1)], ["eq", a, value("x")]], [1, "x"]],
    ["not", ["not", ["eq", a, value(null)]], ["none", 4n, 1, 2, 3, "x"]],
    ["and of none", ["and"], ["none", null, 4n, 1, 2, 3, "x"]],
    ["or of none", ["or"], []],
    ["a constant", ["eq", value(1), value(1)], ["none", null, 4n, 1, 2, 3, "x"]],
    ["an int is no double", ["eq", a, value(4)], []],
    ["an int is itself", ["eq", a, value(4n)], [4n]],
    ["a nested field", ["eq", ["field", "b.c"], value([3])], [3]],
    ["a field that is nowhere", ["eq", ["field", "z"], value(1)], []],
    ["null is not undefined", ["eq", a, value(null)], [null]],
  ])("%s", async (_, filter, expected) => {
    expect(await http().query("rows:filtered", { run, filter })).toEqual(expected);
  });

  test.each<[string, Value, number]>([
    ["add", ["eq", ["add", value(1), value(2)], value(3)], 7],
    ["sub", ["eq", ["sub", value(1), value(2)], value(-1)], 7],
    ["mul", ["eq", ["mul", value(3n), value(2n)], value(6n)], 7],
    ["div", ["eq", ["div", value(1), value(4)], value(0.25)], 7],
    ["div of ints", ["eq", ["div", value(7n), value(2n)], value(3n)], 7],
    ["mod", ["eq", ["mod", value(7), value(4)], value(3)], 7],
    ["neg", ["eq", ["neg", value(7)], value(-7)], 7],
  ])("calculates: %s", async (_, filter, count) => {
    expect(await http().query("rows:filtered", { run, filter })).toHaveLength(count);
  });

  test.each<[string, Value]>([
    ["a double and an int", ["eq", ["add", value(1), value(2n)], value(3)]],
    ["text", ["eq", ["add", value("1"), value("2")], value("12")]],
    ["by zero", ["eq", ["div", value(1n), value(0n)], value(0n)]],
  ])("does not calculate with %s", async (_, filter) => {
    expect(await outcome(http().query("rows:filtered", { run, filter }))).toEqual(FAILED);
  });
});
