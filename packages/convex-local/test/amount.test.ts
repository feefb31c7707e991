import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { amountOf, seedOf } from "../../../scripts/amount.mjs";

const TORTURE = join(import.meta.dirname, "../../../scripts/torture.mjs");

test("an amount is what is given, or what goes without saying", () => {
  expect(amountOf("MUSTER_KILLS", "1000", 30)).toBe(1_000);
  expect(amountOf("MUSTER_KILLS", undefined, 30)).toBe(30);
  expect(seedOf({ MUSTER_SEED: "0" })).toBe(0);
  expect(seedOf({})).toBeGreaterThanOrEqual(0);
});

test.each(["x", "", "0", "-1", "1.5", "1e3", "Infinity", "99999999999999999999"])(
  "%j is no amount, and is not taken for none",
  (text) => {
    expect(() => amountOf("MUSTER_KILLS", text, 30)).toThrow(
      `MUSTER_KILLS is "${text}": give it a whole number from 1 on.`,
    );
  },
);

test.each([
  [["--kills", "x"], 2, /^--kills is "x": give it a whole number from 1 on\.\n$/],
  [["--kills", "0"], 2, /^--kills is "0": give it a whole number from 1 on\.\n$/],
  [["--seed", "tide"], 2, /^--seed is "tide": give it a whole number from 0 on\.\n$/],
  [["--kill", "5"], 2, /--kill'.*\n.*pnpm torture \[--kills N\]/],
  [["--help"], 0, /^pnpm torture \[--kills N\] \[--seed S\]\n$/],
])("pnpm torture %j ends with %d before it begins", (args, code, said) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [TORTURE, ...args], {
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toMatch(said);
  expect(status).toBe(code);
});
