import { describe, expect, test } from "vitest";
import { FAILED, http, newRun, outcome, useDeployment } from "./target.ts";

/** Time enough for much, on a computer that is busy with other tests. */
const PATIENCE = 10_000;

useDeployment(PATIENCE);

const MiB = 2 ** 20;
const AFFORDED = { failed: true, data: "afforded" };
const within = async (run: string, what: string, most: number) =>
  await http().query("limits:readWithin", { run, what, most });

test("a transaction knows how much it may use", async () => {
  expect(await http().query("limits:most")).toMatchObject({
    documentsRead: 32_000,
    bytesRead: 16 * MiB,
    databaseQueries: 4_096,
    documentsWritten: 16_000,
    bytesWritten: 16 * MiB,
    functionsScheduled: 1_000,
    scheduledFunctionArgsBytes: 16 * MiB,
  });
});

describe("a mutation may use so much and no more:", () => {
  test.each([
    ["indexRanges", 4_096, 4_097],
    ["megabytesWritten", 16, 17],
    ["jobs", 1_000, 1_001],
    ["megabytesForOneJob", 4, 5],
    ["jobsOfThreeMegabytes", 5, 6],
  ])("%s %d, not %d", async (what, enough, tooMany) => {
    const spend = async (amount: number) =>
      await outcome(http().mutation("limits:spend", { run: newRun(), what, amount }));
    expect(await spend(enough)).toEqual(AFFORDED);
    expect(await spend(tooMany)).toEqual(FAILED);
  });
});

test("a query reads no more bytes than it may, not even by leave of its caller", async () => {
  const run = newRun();
  await http().mutation("limits:fill", { run, megabytes: 16 });
  expect(await http().query("limits:count", { run })).toBe(16);
  await http().mutation("limits:fill", { run, megabytes: 1 });
  expect(await outcome(http().query("limits:count", { run }))).toEqual(FAILED);
  expect(await within(run, "bytesRead", 64 * MiB)).toBeNull();
});

test("a result of 16 MiB arrives, a larger one fails", async () => {
  expect(await http().query("limits:text", { megabytes: 16 })).toHaveLength(16_000_000);
  expect(await outcome(http().query("limits:text", { megabytes: 17 }))).toEqual(FAILED);
});

test("arguments beyond 16 MiB are refused", async () => {
  const value = "x".repeat(17 * MiB);
  expect(await outcome(http().query("values:echo", { value }))).toEqual(FAILED);
});

describe("a caller limits what it calls:", () => {
  test.each([
    ["documentsRead", 2, 3],
    ["databaseQueries", 0, 1],
    ["bytesRead", 100, 10_000],
  ])("%s, %d are too few and %d are enough", async (what, tooFew, enough) => {
    const run = newRun();
    await http().mutation("rows:fill", { run, rows: [{ a: 1 }, { a: 2 }, { a: 3 }] });
    expect(await within(run, what, tooFew)).toBeNull();
    expect(await within(run, what, enough)).toBe(3);
  });

  test.each([
    ["documentsWritten", 2, 3],
    ["bytesWritten", 100, 10_000],
  ])("%s, of more than %d nothing is written, and %d are enough", async (what, tooFew, enough) => {
    const write = async (most: number) =>
      await http().mutation("limits:writeWithin", { run: newRun(), what, most });
    expect(await write(tooFew)).toBe(0);
    expect(await write(enough)).toBe(3);
  });
});
