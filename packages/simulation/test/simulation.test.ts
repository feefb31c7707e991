import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Report } from "../src/report.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/main.ts");
const run = promisify(execFile);

/** In a process of its own, which ends with its test: the simulation changes what the products' modules import. */
async function simulate(
  signal: AbortSignal,
  ...args: string[]
): Promise<ReturnType<Report["data"]>> {
  const { stdout } = await run(process.execPath, [MAIN, "--json", ...args], { signal }).catch(
    (error: { stdout: string }) => error,
  );
  return JSON.parse(stdout) as ReturnType<Report["data"]>;
}

test.concurrent("whatever fails in a day's work, no rule is broken and everything becomes well again", async ({
  signal,
}) => {
  const { failed, faults, coverage } = await simulate(
    signal,
    "--seeds",
    "10",
    "--hours",
    "0.25",
    "--rest",
    "0",
  );
  expect(failed).toEqual([]);
  expect(Object.keys(faults).length).toBeGreaterThan(10);
  // A floor, so that the work cannot become poorer unseen; the tour of `--figures` sees all of them.
  expect(coverage["edges of agents"]?.seen.length).toBeGreaterThanOrEqual(14);
  expect(coverage["steps of tasks"]?.seen.length).toBeGreaterThanOrEqual(7);
  expect(coverage["refused reports about agents"]?.seen.length).toBeGreaterThanOrEqual(6);
  expect(coverage["refused calls about tasks"]?.seen.length).toBeGreaterThanOrEqual(20);
});

test.concurrent("while everybody rests for two hours, schedules tick on, each due time once", async ({
  signal,
}) => {
  const { failed } = await simulate(
    signal,
    "--seed",
    "4",
    "--agents",
    "3",
    "--hours",
    "0.1",
    "--rest",
    "2",
  );
  expect(failed).toEqual([]);
});

test.concurrent("trouble below what a lease allows makes nobody seem dead", async ({ signal }) => {
  const { failed, faults } = await simulate(
    signal,
    "--gentle",
    "--agents",
    "6",
    "--hours",
    "0.5",
    "--rest",
    "0",
  );
  expect(failed).toEqual([]);
  expect(Object.keys(faults).filter((kind) => kind.startsWith("gentle")).length).toBeGreaterThan(4);
});

test.concurrent("the same seed is the same run, event by event", async ({ signal }) => {
  const twice = [
    simulate(signal, "--seed", "7", "--hours", "0.2", "--rest", "0"),
    simulate(signal, "--seed", "7", "--hours", "0.2", "--rest", "0"),
  ];
  const [one, other] = await Promise.all(twice);
  expect(one?.digests).toHaveLength(1);
  expect(one?.digests).toEqual(other?.digests);
});
