import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { http, newRun, socket, useDeployment } from "./target.ts";

useDeployment();

function watch(name: string, args: Record<string, Value>) {
  const seen: unknown[] = [];
  const failures: Error[] = [];
  const stop = socket().onUpdate(
    makeFunctionReference<"query">(name),
    args,
    (value: unknown) => void seen.push(value),
    (error: Error) => void failures.push(error),
  );
  return { seen, failures, last: () => seen.at(-1), stop };
}
const soon = async (check: () => void) => await vi.waitFor(check, 10_000);

describe("who watches rows", () => {
  test.each<[string, Record<string, Value>, Value[]]>([
    ["sees one that comes", { a: 5 }, [1, 5]],
    ["sees one that comes before", { a: 0 }, [0, 1]],
  ])("%s", async (_, row, expected) => {
    const run = newRun();
    await http().mutation("rows:fill", { run, rows: [{ a: 1 }] });
    const watcher = watch("rows:list", { run });
    await soon(() => expect(watcher.last()).toEqual([1]));
    await http().mutation("rows:fill", { run, rows: [row] });
    await soon(() => expect(watcher.last()).toEqual(expected));
  });

  test("sees changes and deletions", async () => {
    const run = newRun();
    const [id = ""] = (await http().mutation("rows:fill", { run, rows: [{ a: 1 }] })) as string[];
    const watcher = watch("rows:list", { run });
    await soon(() => expect(watcher.last()).toEqual([1]));
    await http().mutation("rows:change", { how: "patch", id, fields: { a: 2 } });
    await soon(() => expect(watcher.last()).toEqual([2]));
    await http().mutation("rows:change", { how: "delete", id, fields: {} });
    await soon(() => expect(watcher.last()).toEqual([]));
  });

  test("is not told of rows outside of the range", async () => {
    const run = newRun();
    const watcher = watch("rows:list", { run, bounds: [["lt", "a", 10]] });
    await soon(() => expect(watcher.last()).toEqual([]));
    await http().mutation("rows:fill", { run, rows: [{ a: 10 }, { a: 11 }] });
    await http().mutation("rows:fill", { run, rows: [{ a: 9 }] });
    await soon(() => expect(watcher.last()).toEqual([9]));
    expect(watcher.seen).toEqual([[], [9]]);
  });

  test("sees a first row take the place of another", async () => {
    const run = newRun();
    await http().mutation("rows:fill", { run, rows: [{ a: 5 }] });
    const watcher = watch("rows:first", { run });
    await soon(() => expect(watcher.last()).toBe(5));
    await http().mutation("rows:fill", { run, rows: [{ a: 6 }, { a: 4 }] });
    await soon(() => expect(watcher.last()).toBe(4));
  });

  test("learns that a query that ran begins to fail, and that it runs again", async () => {
    const run = newRun();
    await http().mutation("rows:fill", { run, rows: [{ a: 1 }] });
    const watcher = watch("rows:unique", { run });
    await soon(() => expect(watcher.last()).toBe(1));
    const [id = ""] = (await http().mutation("rows:fill", { run, rows: [{ a: 2 }] })) as string[];
    await soon(() => expect(watcher.failures).toHaveLength(1));
    await http().mutation("rows:change", { how: "delete", id, fields: {} });
    await soon(() => expect(watcher.seen).toHaveLength(2));
  });
});

test("two who watch the same see the same", async () => {
  const run = newRun();
  const [one, two] = [watch("calls:count", { run }), watch("calls:count", { run })];
  await soon(() => expect([one.last(), two.last()]).toEqual([0, 0]));
  await http().mutation("calls:add", { run });
  await soon(() => expect([one.last(), two.last()]).toEqual([1, 1]));
});

test("counts are never seen to go back", async () => {
  const run = newRun();
  const watcher = watch("calls:count", { run });
  await soon(() => expect(watcher.last()).toBe(0));
  await Promise.all(Array.from({ length: 20 }, () => http().mutation("calls:add", { run })));
  await soon(() => expect(watcher.last()).toBe(20));
  expect(watcher.seen).toEqual((watcher.seen as number[]).toSorted((left, right) => left - right));
});

test("who stopped watching is told nothing more", async () => {
  const run = newRun();
  const [gone, stays] = [watch("calls:count", { run }), watch("calls:count", { run })];
  await soon(() => expect([gone.last(), stays.last()]).toEqual([0, 0]));
  gone.stop();
  await http().mutation("calls:add", { run });
  await soon(() => expect(stays.last()).toBe(1));
  expect(gone.seen).toEqual([0]);
});

test("after its mutation resolves a client has seen its effect", async () => {
  const run = newRun();
  const client = socket();
  const seen: unknown[] = [];
  const count = makeFunctionReference<"query">("calls:count");
  client.onUpdate(count, { run }, (value: unknown) => void seen.push(value));
  await soon(() => expect(seen).toEqual([0]));
  for (let turn = 1; turn <= 5; turn += 1) {
    await client.mutation(makeFunctionReference<"mutation">("calls:add"), { run });
    expect(seen.at(-1)).toBe(turn);
  }
});
