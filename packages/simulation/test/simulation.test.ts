import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Report } from "../src/report.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/main.ts");
const run = promisify(execFile);

/** In a process of its own: the simulation changes what the products' modules import. */
async function simulate(...args: string[]): Promise<ReturnType<Report["data"]>> {
  const { stdout } = await run(process.execPath, [MAIN, "--json", ...args]).catch(
    (error: { stdout: string }) => error,
  );
  return JSON.parse(stdout) as ReturnType<Report["data"]>;
}

test("whatever fails in a day's work, no rule is broken and everything becomes well again", async () => {
  const { failed, faults } = await simulate("--seeds", "10", "--hours", "0.25");
  expect(failed).toEqual([]);
  expect(Object.keys(faults).length).toBeGreaterThan(10);
});

test("the same seed is the same run, event by event", async () => {
  const twice = [
    simulate("--seed", "7", "--hours", "0.2"),
    simulate("--seed", "7", "--hours", "0.2"),
  ];
  const [one, other] = await Promise.all(twice);
  expect(one?.digests).toHaveLength(1);
  expect(one?.digests).toEqual(other?.digests);
});
