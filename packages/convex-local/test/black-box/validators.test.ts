import type { Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { FAILED, http, newRun, outcome, useDeployment } from "./target.ts";

useDeployment();

const bytes = new ArrayBuffer(2);
/** Per validator what it takes and what it refuses. */
const CASES: readonly (readonly [string, readonly Value[], readonly Value[]])[] = [
  ["text", ["", "x"], [1, null, ["x"], bytes]],
  ["float", [0, -0, Number.NaN, Infinity], [1n, "1", null]],
  ["int", [0n, -1n], [0, "0", null]],
  ["bool", [true, false], [0, "true", null]],
  ["nil", [null], [false, 0, {}]],
  ["bytes", [bytes], ["", [0]]],
  ["anything", [null, 1, 1n, "x", bytes, [1], { a: 1 }], []],
  ["literal", ["quay"], ["buoy", "", null]],
  ["numberLiteral", [3], [4, 3n, "3"]],
  ["bigLiteral", [7n], [7, 8n]],
  ["list", [[], [1, 2]], [["1"], [1, null], { 0: 1 }, 1]],
  ["nestedList", [[], [[]], [["a"], ["b", "c"]]], [["a"], [[1]]]],
  [
    "object",
    [{ name: "a" }, { name: "a", age: 1 }],
    [{}, { name: 1 }, { name: "a", age: "1" }, { name: "a", more: 1 }, ["a"]],
  ],
  ["empty", [{}], [{ a: 1 }, [], null]],
  ["union", ["x", null, { kind: "a" }], [1, { kind: "b" }, {}, []]],
  ["record", [{}, { a: 1 }, { "a b": 2 }], [{ a: "1" }, [1], { a: null }]],
  ["row", [], ["", "x", 1, null]],
  ["optional", ["x"], [1, null]],
];
const taken = CASES.flatMap(([name, good]) => good.map((value) => ({ name, value })));
const refused = CASES.flatMap(([name, , bad]) => bad.map((value) => ({ name, value })));

describe("an argument", () => {
  test.each(taken)("$name takes $value", async ({ name, value }) => {
    const said = name === "optional" ? value : "taken";
    expect(await http().query(`validators:${name}`, { value })).toEqual(said);
  });

  test.each(refused)("$name refuses $value", async ({ name, value }) => {
    expect(await outcome(http().query(`validators:${name}`, { value }))).toEqual(FAILED);
  });

  test("that is required and missing, or that nobody asked for, is refused", async () => {
    expect(await outcome(http().query("validators:text"))).toEqual(FAILED);
    expect(await outcome(http().query("validators:text", { value: "x", more: 1 }))).toEqual(FAILED);
    expect(await http().query("validators:optional")).toBe("absent");
  });

  test("is not looked at without validators", async () => {
    expect(await http().query("validators:unchecked", { a: 1, b: [2] })).toBe(2);
    expect(await http().query("validators:unchecked")).toBe(0);
  });

  test("of an id takes one of its table and refuses one of another", async () => {
    const { row, counter } = (await http().mutation("values:idOf", { run: newRun() })) as Record<
      string,
      string
    >;
    expect(await http().query("validators:row", { value: row ?? "" })).toBe("taken");
    expect(await outcome(http().query("validators:row", { value: counter ?? "" }))).toEqual(FAILED);
  });
});

describe("a result", () => {
  test.each<[string, Value, boolean]>([
    ["returnsText", "x", true],
    ["returnsText", 1, false],
    ["returnsText", null, false],
    ["returnsObject", { name: "a" }, true],
    ["returnsObject", { name: "a", more: 1 }, false],
    ["returnsObject", {}, false],
    ["returnsNull", null, true],
    ["returnsNull", 1, false],
  ])("%s of %j fits: %s", async (name, value, fits) => {
    const expected = fits ? { value } : FAILED;
    expect(await outcome(http().query(`validators:${name}`, { value }))).toEqual(expected);
  });

  test("that does not fit undoes its mutation", async () => {
    const run = newRun();
    const call = (value: Value) =>
      outcome(http().mutation("validators:writesAndReturns", { run, value }));
    expect(await call("1")).toEqual(FAILED);
    expect(await http().query("rows:list", { run })).toEqual([]);
    expect(await call(1)).toEqual({ value: 1 });
    expect(await http().query("rows:list", { run })).toEqual(["none"]);
  });
});

describe("a row of a table with a schema", () => {
  const good = {
    run: "harbor",
    name: "north",
    length: 12.5,
    kind: "quay",
    guests: [{ name: "ada", since: 1n }],
    notes: { tide: "high", wind: null },
  };
  const without = (field: string) =>
    Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));

  test.each<[string, Record<string, Value>]>([
    ["all it needs", good],
    ["an optional field", { ...good, free: false }],
    ["bytes", { ...good, seal: bytes }],
    ["empty lists and records", { ...good, guests: [], notes: {} }],
  ])("may have %s", async (_, fields) => {
    expect(await http().mutation("validators:berth", { fields })).toBe("kept");
  });

  test.each<[string, Record<string, Value>]>([
    ["a required field missing", without("name")],
    ["a number as text", { ...good, length: "12" }],
    ["an int64 for a double", { ...good, length: 12n }],
    ["a literal that is none", { ...good, kind: "pier" }],
    ["null for an optional field", { ...good, free: null }],
    ["a field that the schema does not know", { ...good, more: 1 }],
    ["a bad element of a list", { ...good, guests: [{ name: "ada", since: 1 }] }],
    ["a bad value of a record", { ...good, notes: { tide: 1 } }],
    ["an id of nowhere", { ...good, next: "x" }],
    ["no list", { ...good, guests: { name: "ada", since: 1n } }],
  ])("may not have %s", async (_, fields) => {
    expect(await outcome(http().mutation("validators:berth", { fields }))).toEqual(FAILED);
  });
});
