import type { Value } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { FAILED, http, newRun, outcome, useDeployment } from "./target.ts";

useDeployment();

let run: string;
let id: string;
beforeEach(async () => {
  run = newRun();
  [id = ""] = (await http().mutation("rows:fill", {
    run,
    rows: [{ a: 1, b: { x: 1 } }],
  })) as string[];
});

type Fields = Record<string, Value>;
const change = async (how: string, fields: Fields = {}, unset: string[] = []) =>
  await http().mutation("rows:change", { how, id, fields, unset });
const shape = (row: unknown) => {
  const { _id, _creationTime, run: _run, ...fields } = row as Fields;
  return fields;
};

describe("a patch", () => {
  test.each<[string, Fields, string[], Fields]>([
    ["sets a field", { a: 2 }, [], { a: 2, b: { x: 1 } }],
    ["replaces an object whole", { b: { y: 2 } }, [], { a: 1, b: { y: 2 } }],
    ["removes a field", {}, ["a"], { b: { x: 1 } }],
    ["removes what is not there", {}, ["zz"], { a: 1, b: { x: 1 } }],
    ["sets null, which is not absence", { a: null }, [], { a: null, b: { x: 1 } }],
    ["of nothing changes nothing", {}, [], { a: 1, b: { x: 1 } }],
    ["does both at once", { b: 0 }, ["a"], { b: 0 }],
  ])("%s", async (_, fields, unset, expected) => {
    expect(shape(await change("patch", fields, unset))).toEqual(expected);
  });

  test.each<[string, Fields]>([
    ["another id", { _id: "x" }],
    ["another creation time", { _creationTime: 1 }],
    ["a field of the system", { _tide: 1 }],
    ["what the schema does not allow", { run: 1 }],
  ])("does not set %s", async (_, fields) => {
    const before = await http().query("rows:get", { id });
    expect(await outcome(change("patch", fields))).toEqual(FAILED);
    expect(await http().query("rows:get", { id })).toEqual(before);
  });
});

describe("a replacement", () => {
  test("leaves nothing of what was, but id and creation time", async () => {
    const before = (await http().query("rows:get", { id })) as Fields;
    expect(await change("replace", { run, a: 9 })).toEqual({
      _id: id,
      _creationTime: before["_creationTime"],
      run,
      a: 9,
    });
  });

  test("may name the row's own id and creation time", async () => {
    const before = (await http().query("rows:get", { id })) as Fields;
    expect(shape(await change("replace", { ...before, a: 5 }))).toEqual({ a: 5, b: { x: 1 } });
  });

  test.each<[string, Fields]>([
    ["without a required field", { a: 1 }],
    ["with an unknown field", { run: "x", zz: 1 }],
  ])("%s is refused", async (_, fields) => {
    expect(await outcome(change("replace", fields))).toEqual(FAILED);
  });
});

describe("a deletion", () => {
  test("takes the row out of every index", async () => {
    expect(await change("delete")).toBeNull();
    expect(await http().query("rows:list", { run })).toEqual([]);
    expect(await http().query("rows:get", { id })).toBeNull();
  });

  test.each(["delete", "patch", "replace"])("then a %s of it fails", async (how) => {
    await change("delete");
    expect(await outcome(change(how, how === "replace" ? { run } : {}))).toEqual(FAILED);
  });
});

test("a change moves the row in its indexes", async () => {
  await http().mutation("rows:fill", { run, rows: [{ a: 2 }] });
  expect(await http().query("rows:list", { run })).toEqual([1, 2]);
  await change("patch", { a: 3 });
  expect(await http().query("rows:list", { run })).toEqual([2, 3]);
  expect(await http().query("rows:list", { run, bounds: [["eq", "a", 1]] })).toEqual([]);
});

test("rows of one mutation have increasing creation times and different ids", async () => {
  const own = newRun();
  await http().mutation("rows:fill", { run: own, rows: [{ a: 1 }, { a: 1 }, { a: 1 }] });
  const rows = (await http().query("values:kept", { run: own, value: 1 })) as Fields[];
  const times = rows.map((row) => row["_creationTime"] as number);
  expect(times).toEqual(times.toSorted((left, right) => left - right));
  expect(new Set(times).size).toBe(3);
  expect(new Set(rows.map((row) => row["_id"])).size).toBe(3);
});

test.each(["_storage", "_scheduled_functions", "_tables", "has space", "1st"])(
  "nothing is inserted into a table named %j",
  async (table) => {
    expect(await outcome(http().mutation("rows:insertAnywhere", { table, fields: {} }))).toEqual(
      FAILED,
    );
  },
);

test.each<[string, Fields]>([
  ["_id", { run: "x", _id: "x" }],
  ["_creationTime", { run: "x", _creationTime: 1 }],
  ["_tide", { run: "x", _tide: 1 }],
])("an inserted row does not set %s", async (_, fields) => {
  expect(await outcome(http().mutation("rows:insertAnywhere", { table: "rows", fields }))).toEqual(
    FAILED,
  );
});
