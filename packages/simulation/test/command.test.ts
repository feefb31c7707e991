import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const MAIN = path.resolve(import.meta.dirname, "../src/main.ts");

test.each([
  [["--help"], 0, /^pnpm simulate \[--seeds N\]/],
  [["--sails"], 2, /--sails'.*\npnpm simulate \[--seeds N\]/],
  [["harbor"], 2, /harbor'.*\npnpm simulate \[--seeds N\]/],
  [["--seeds", "many"], 2, /^many is no number above zero\.\npnpm simulate/],
  [["--bug", "rot"], 2, /^No bug is called rot: /],
])("pnpm simulate %j ends with %d and without a trace", (args, code, said) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toMatch(said);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(code);
});
