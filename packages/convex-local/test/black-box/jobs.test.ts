import type { Value } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { FAILED, http, newRun, outcome, useDeployment } from "./target.ts";

useDeployment();

type Args = Record<string, Value>;
const after = async (args: Args, how = "jobs:after") =>
  how === "jobs:after"
    ? ((await http().mutation(how, args)) as string)
    : ((await http().action(how, args)) as string);
const count = async (run: string) => await http().query("calls:count", { run });
const job = async (id: string) =>
  (await http().query("jobs:state", { id })) as Record<string, Value> | null;
const ended = async (id: string, kind: string) =>
  await vi.waitFor(async () => expect(await job(id)).toMatchObject({ state: { kind } }), 10_000);

describe.each(["mutation", "action"])("a scheduled %s", (kind) => {
  test.each(["jobs:after", "jobs:afterByAction"])("from %s runs once", async (how) => {
    const run = newRun();
    const id = await after({ run, delay: 0, kind }, how);
    await ended(id, "success");
    expect(await count(run)).toBe(1);
    expect(await job(id)).toMatchObject({
      args: [{ run }],
      completedTime: expect.any(Number) as number,
    });
  });

  test("that was cancelled does not run", async () => {
    const run = newRun();
    const id = await after({ run, delay: 60_000, kind });
    expect(await job(id)).toMatchObject({ state: { kind: "pending" } });
    await http().mutation("jobs:cancel", { id });
    expect(await job(id)).toMatchObject({ state: { kind: "canceled" } });
    expect(await count(run)).toBe(0);
  });
});

test.each([
  ["failing", "calls:count"],
  ["failingAction", "calls:count"],
])("a job that throws (%s) has failed, and its writes are undone", async (kind) => {
  const run = newRun();
  const id = await after({ run, delay: 0, kind });
  await ended(id, "failed");
  expect(await count(run)).toBe(0);
});

test("what a job schedules runs too", async () => {
  const run = newRun();
  await after({ run, delay: 0, kind: "selfish" });
  await vi.waitFor(async () => expect(await count(run)).toBe(2), 10_000);
});

test("a job of a mutation that failed never was", async () => {
  const run = newRun();
  expect(await outcome(after({ run, delay: 0, fails: true }))).toEqual(FAILED);
  const later = await after({ run: newRun(), delay: 50 });
  await ended(later, "success");
  expect(await count(run)).toBe(0);
});

test("a job can be cancelled by the mutation that scheduled it", async () => {
  const run = newRun();
  const id = await after({ run, delay: 0, cancels: true });
  expect(await job(id)).toMatchObject({ state: { kind: "canceled" } });
});

test("a job runs at a time, not before, and one of the past at once", async () => {
  const run = newRun();
  const time = Date.now() + 400;
  const id = (await http().mutation("jobs:at", { run, time })) as string;
  expect(await job(id)).toMatchObject({ scheduledTime: time });
  await ended(id, "success");
  const { completedTime } = (await job(id)) ?? {};
  expect(Number(completedTime)).toBeGreaterThanOrEqual(time - 1);
  const past = (await http().mutation("jobs:at", { run, time: 0 })) as string;
  await ended(past, "success");
});

test.each([-1, Infinity, Number.NaN])("a delay of %d is refused", async (delay) => {
  expect(await outcome(after({ run: newRun(), delay }))).toEqual(FAILED);
});

test("a job that has ended cannot be cancelled into another end", async () => {
  const id = await after({ run: newRun(), delay: 0 });
  await ended(id, "success");
  await outcome(http().mutation("jobs:cancel", { id }));
  expect(await job(id)).toMatchObject({ state: { kind: "success" } });
});
