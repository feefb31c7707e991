import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tableOf, type Figure } from "../src/figures/figure.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/main.ts");

test("every figure that people rely on keeps its bound, and every step and refusal of the lifecycles is seen", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    MAIN,
    "--figures",
    "--json",
  ]).catch((error: { stdout: string }) => error);
  const figures = JSON.parse(stdout) as Figure[];
  console.log(tableOf(figures));
  expect(figures.length).toBeGreaterThan(15);
  expect(figures.filter(({ measured, bound }) => !(measured <= bound))).toEqual([]);
});
