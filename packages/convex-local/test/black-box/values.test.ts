import type { Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { FAILED, http, newRun, outcome, socket, useDeployment } from "./target.ts";
import { makeFunctionReference } from "convex/server";

useDeployment();

const bytes = (...list: number[]) => Uint8Array.from(list).buffer;

const VALUES: readonly (readonly [string, Value])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["zero", 0],
  ["minus zero", -0],
  ["a fraction", 0.1],
  ["the greatest double", Number.MAX_VALUE],
  ["the smallest double", Number.MIN_VALUE],
  ["NaN", Number.NaN],
  ["infinity", Infinity],
  ["minus infinity", -Infinity],
  ["an int64 beyond doubles", 9007199254740993n],
  ["the greatest int64", 2n ** 63n - 1n],
  ["the least int64", -(2n ** 63n)],
  ["the empty string", ""],
  ["a string of several planes", "a\u00fc\u20ac\u{1f980}"],
  ["a string with a zero byte", "a\0b"],
  ["no bytes", bytes()],
  ["all kinds of bytes", bytes(0, 1, 127, 128, 255)],
  ["an empty list", []],
  ["a list of lists", [[1], [], [2n, "x"]]],
  ["an empty object", {}],
  ["an object", { b: 1, a: { c: [null, 1n] } }],
  ["a field name with signs", { "a-b c": 1 }],
];

describe.each(VALUES)("%s", (_, value) => {
  test.each(["values:echo", "values:echoMutation", "values:echoAction", "values:relay"])(
    "comes back from %s",
    async (name) => {
      const client = http();
      const call =
        name === "values:echo"
          ? client.query
          : name === "values:echoMutation"
            ? client.mutation
            : client.action;
      expect(await call(name, { value })).toStrictEqual(value);
    },
  );

  test("comes back from the socket, from a row, and by its index", async () => {
    const run = newRun();
    const echo = makeFunctionReference<"query">("values:echo");
    expect(await socket().query(echo, { value })).toStrictEqual(value);
    expect(await http().mutation("values:keep", { run, value })).toStrictEqual(value);
    expect(await http().query("values:kept", { run, value })).toMatchObject([{ a: value }]);
  });
});

test("a result of undefined is null", async () => {
  expect(await http().query("values:nothing")).toBeNull();
});

test("inside a function values have the types of JavaScript", async () => {
  const values = [null, true, 1, 1n, "x", bytes(1), [1], { a: 1 }];
  expect(await http().query("values:typesOf", { values })).toEqual([
    "null",
    "boolean",
    "number",
    "bigint",
    "string",
    "bytes",
    "array",
    "object",
  ]);
});

describe("a value that Convex does not store is refused:", () => {
  const nested = (levels: number): Value => (levels === 0 ? 1 : [nested(levels - 1)]);
  test.each<[string, Value]>([
    ["a list of more than 8192", Array.from({ length: 8193 }, () => 1)],
    [
      "an object of more than 1024 fields",
      Object.fromEntries(Array.from({ length: 1025 }, (_, at) => [`f${at}`, 1])),
    ],
    ["nesting beyond 16 levels", nested(16)],
    ["more than a megabyte", "x".repeat(2 ** 20)],
  ])("%s", async (_, value) => {
    expect(await outcome(http().mutation("values:keep", { run: newRun(), value }))).toEqual(FAILED);
  });
});

const normalize = async (table: string, id = "") =>
  await http().query("values:normalize", { table, id });

describe("an id", () => {
  test("is normalized for its own table only", async () => {
    const { row, counter } = (await http().mutation("values:idOf", { run: newRun() })) as Record<
      string,
      string
    >;
    expect(await normalize("rows", row)).toBe(row);
    expect(await normalize("counters", row)).toBeNull();
    expect(await normalize("counters", counter)).toBe(counter);
    expect(row).toMatch(/^[0-9a-hjkmnp-tv-z]{31,37}$/);
  });

  test.each(["", "x", "0".repeat(32), "k".repeat(32), "not an id at all, surely not one"])(
    "is not %j",
    async (id) => {
      expect(await http().query("values:normalize", { table: "rows", id })).toBeNull();
      expect(await outcome(http().query("rows:get", { id }))).toEqual(FAILED);
    },
  );
});
