import { describe, expect, test } from "vitest";
import { FAILED, http, newRun, outcome, useDeployment } from "./target.ts";

useDeployment();

describe('an action that says "use node" has', () => {
  test.each([
    ["crypto", "c1d64b2d4cb30f1be788cc4d246ddd9fc1fe85a3eb3a85a3de33829dfaf6ce7d"],
    ["random", 8],
    ["buffer", "harbor"],
    ["zlib", "harbor"],
    ["path", "b"],
    ["os", "string"],
    ["events", "high"],
    ["package", "aGFyYm9y"],
    ["dynamicImport", "a=1%202"],
    ["environment", "string"],
    ["platform", "string"],
    ["timers", true],
    ["web", "harbor"],
  ])("%s", async (name, expected) => {
    expect(await http().action("node:check", { name })).toEqual(expected);
  });

  test("what other actions have: queries, mutations, actions, jobs and files", async () => {
    const run = newRun();
    expect(await http().action("node:tour", { run })).toEqual({
      count: 1,
      again: 1,
      called: "HARBOR",
      stored: "harbor",
      type: "text/plain",
    });
    await expect.poll(() => http().query("calls:count", { run })).toBe(11);
  });
});

test("its internal functions are nobody's from outside", async () => {
  expect(await outcome(http().action("node:inner", { text: "x" }))).toEqual(FAILED);
});

test("its errors, its ConvexErrors and those of what it calls are the caller's", async () => {
  expect(await outcome(http().action("node:fails", { kind: "error" }))).toEqual(FAILED);
  expect(await outcome(http().action("node:fails", { kind: "data" }))).toEqual({
    failed: true,
    data: { kind: "closed", until: 7n },
  });
  expect(await outcome(http().action("node:fails", { kind: "within" }))).toEqual({
    failed: true,
    data: { kind: "from within" },
  });
});
