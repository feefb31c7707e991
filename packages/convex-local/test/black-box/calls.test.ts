import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { FAILED, http, newRun, outcome, socket, useDeployment } from "./target.ts";

useDeployment();

const DATA: readonly Value[] = [null, 0, "text", 7n, { kind: "full", at: [1n] }, [1], true];
const query = makeFunctionReference<"query">("calls:failQuery");
const mutation = makeFunctionReference<"mutation">("calls:failMutation");
const action = makeFunctionReference<"action">("calls:failAction");

describe.each(DATA.map((data) => ({ data })))("an error's data $data", ({ data }) => {
  test.each<[string, () => Promise<unknown>]>([
    ["an HTTP query", () => http().query("calls:failQuery", { data })],
    ["an HTTP mutation", () => http().mutation("calls:failMutation", { data })],
    ["an HTTP action", () => http().action("calls:failAction", { data })],
    ["a query within an action", () => http().action("calls:failNested", { kind: "query", data })],
    [
      "a mutation within an action",
      () => http().action("calls:failNested", { kind: "mutation", data }),
    ],
    [
      "an action within an action",
      () => http().action("calls:failNested", { kind: "action", data }),
    ],
    ["a socket's query", () => socket().query(query, { data })],
    ["a socket's mutation", () => socket().mutation(mutation, { data })],
    ["a socket's action", () => socket().action(action, { data })],
  ])("arrives from %s", async (_, call) => {
    expect(await outcome(call())).toEqual({ failed: true, data });
  });
});

describe("an error without data", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["a query", () => http().query("calls:failQuery")],
    ["a mutation", () => http().mutation("calls:failMutation")],
    ["an action", () => http().action("calls:failAction")],
    ["a nested one", () => http().action("calls:failNested", { kind: "mutation" })],
    ["a socket", () => socket().mutation(mutation, {})],
  ])("of %s says so, and which request it was", async (_, call) => {
    await expect(call()).rejects.toThrow(/\[Request ID: [0-9a-f]+\] Server Error/);
    expect(await outcome(call())).toEqual(FAILED);
  });
});

describe("a function that cannot be reached:", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["one that is not there", () => http().query("calls:nosuch")],
    ["of a module that is not there", () => http().query("nosuch:list")],
    ["an internal query", () => http().query("calls:hidden")],
    ["an internal mutation", () => http().mutation("calls:hiddenMutation")],
    ["a mutation as a query", () => http().query("calls:add", { run: "x" })],
    ["a query as a mutation", () => http().mutation("calls:count", { run: "x" })],
    ["a query as an action", () => http().action("calls:count", { run: "x" })],
    ["an empty name", () => http().query(":")],
  ])("%s", async (_, call) => {
    expect(await outcome(call())).toEqual(FAILED);
  });

  test("an admin reaches internal functions", async () => {
    expect(await http({ admin: true }).query("calls:hidden")).toBe("hidden");
    expect(await http({ admin: true }).mutation("calls:hiddenMutation")).toBe("hidden");
  });
});

describe("a mutation", () => {
  test("that fails leaves nothing behind", async () => {
    const run = newRun();
    expect(await outcome(http().mutation("calls:add", { run, fails: "no" }))).toEqual({
      failed: true,
      data: "no",
    });
    expect(await http().query("calls:count", { run })).toBe(0);
  });

  test("whose inner one fails loses that alone", async () => {
    const run = newRun();
    expect(await http().mutation("calls:addAround", { run })).toEqual({
      caught: { kind: "ten" },
      between: 1,
    });
    expect(await http().query("calls:count", { run })).toBe(101);
  });

  test("runs once for each of many at once", async () => {
    const run = newRun();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => http().mutation("calls:add", { run })),
    );
    expect(results.toSorted((left, right) => Number(left) - Number(right))).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
  });

  test("of one client run in the order in which they were called", async () => {
    const run = newRun();
    const client = socket();
    const add = makeFunctionReference<"mutation">("calls:add");
    const sums = await Promise.all([1, 10, 100].map((by) => client.mutation(add, { run, by })));
    expect(sums).toEqual([1, 11, 111]);
  });
});

test("queries call each other eight levels deep and no deeper", async () => {
  expect(await http().query("calls:deep", { left: 7 })).toBe(7);
  expect(await outcome(http().query("calls:deep", { left: 12 }))).toEqual(FAILED);
});

test("a query runs no mutation", async () => {
  const run = newRun();
  expect(await outcome(http().query("calls:writeInQuery", { run }))).toEqual(FAILED);
  expect(await http().query("calls:count", { run })).toBe(0);
});

test("an action sees what it has written", async () => {
  expect(await http().action("calls:both", { run: newRun() })).toEqual([0, 6]);
});

describe("the caller", () => {
  const ada = { subject: "ada", issuer: "https://harbor.example", name: "Ada", role: "planner" };
  test("is nobody without a token", async () => {
    expect(await http().query("calls:whoami")).toBeNull();
    expect(await http().mutation("calls:whoamiMutation")).toBeNull();
    expect(await http().action("calls:whoamiAction")).toBeNull();
  });

  test("is who an admin acts as, in every kind of function", async () => {
    const client = http({ admin: true, actingAs: ada });
    expect(await client.query("calls:whoami")).toMatchObject({ subject: "ada", name: "Ada" });
    expect(await client.mutation("calls:whoamiMutation")).toBe("ada");
    expect(await client.action("calls:whoamiAction")).toMatchObject({ subject: "ada" });
  });

  test("is nobody for an admin who acts as nobody", async () => {
    expect(await http({ admin: true }).query("calls:whoami")).toBeNull();
  });
});
