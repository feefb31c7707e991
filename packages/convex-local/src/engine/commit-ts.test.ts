import { jsonToConvex, type Value } from "convex/values";
import { beforeEach, expect, test } from "vitest";
import { call, mutate, open, query } from "../../test/engine.ts";
import type { Engine } from "./engine.ts";

let engine: Engine;
beforeEach(async () => {
  engine = await open();
});

interface Tide {
  readonly name: string;
  readonly at: Value;
  readonly more?: Value;
}
const tides = () => jsonToConvex(query(engine, "tides:all")) as unknown as Tide[];

test("however it is written, the commit's timestamp is the one that the mutation's caller is told", async () => {
  const outcome = await engine.mutation(call("tides:writeAll"));
  const { ts } = outcome;
  expect(ts).toBe(engine.latestTs);
  const stored = Object.fromEntries(tides().map(({ name, at, more }) => [name, more ?? at]));
  expect(stored).toEqual({ patched: ts, replaced: ts, nested: ts, within: { seen: [ts] } });
});

test("a mutation that reads it back sees the timestamp that its commit will get", async () => {
  const outcome = await engine.mutation(call("tides:writeAll"));
  expect(outcome.success && jsonToConvex(outcome.value)).toBe(outcome.ts);
});

test("mutations that share a sync to disk have timestamps of their own, and an index puts them in order", async () => {
  const names = ["first", "second", "third"];
  const written = await Promise.all(
    names.map(async (name) => (await engine.mutation(call("tides:write", { name }))).ts),
  );
  expect(tides().map(({ name, at }) => [name, at])).toEqual(
    names.map((name, at) => [name, written[at]]),
  );
  expect(new Set(written).size).toBe(3);
});

test("a field for it holds any int64 and nothing else", async () => {
  await mutate(engine, "tides:put", { at: { $integer: "BwAAAAAAAAA=" } });
  expect(tides()).toMatchObject([{ at: 7n }]);
  for (const at of [7, "7", null, { ts: 7 }, []])
    await expect(mutate(engine, "tides:put", { at })).rejects.toThrow(/commitTs/);
  expect(tides()).toHaveLength(1);
});
