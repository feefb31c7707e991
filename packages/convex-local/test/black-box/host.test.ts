import { describe, expect, test } from "vitest";
import { FAILED, http, outcome, useDeployment } from "./target.ts";

useDeployment();

const EXPECTED: Record<string, unknown> = {
  frozenDate: true,
  dateWithArguments: "1970-01-01T00:00:00.000Z",
  dateIsDate: "[object Date]",
  randomInRange: true,
  randomVaries: true,
  uuid: true,
  randomBytes: 8,
  encode: [195, 188, 226, 130, 172],
  decode: "€",
  base64: "aGFyYm9y",
  url: "https://harbor.example/b?x=1#y",
  parameters: "b=2&a=1+2",
  clone: { at: [1, { deep: true }] },
  sha256: "c1d64b2d4cb30f1be788cc4d246ddd9fc1fe85a3eb3a85a3de33829dfaf6ce7d",
  sha1: "e347660d52d87798674d406f8c820aa07835b0be",
  environment: "string",
  hiddenEnvironment: "absent",
  microtasks: ["sync", "then", "await"],
  json: { a: [1, null, "x"] },
  intl: "object",
  generators: [1, 2],
};

describe.each(["query", "mutation"] as const)("a %s has of its host:", (kind) => {
  test.each(Object.entries(EXPECTED))("%s", async (name, expected) => {
    const call =
      kind === "query"
        ? http().query("host:check", { name })
        : http().mutation("host:checkMutation", { name });
    expect(await call).toEqual(expected);
  });
});

test.each(["fetch", "setTimeout", "setInterval"])("a query does not get %s", async (name) => {
  expect(await outcome(http().query("host:forbidden", { name }))).toEqual(FAILED);
});

test("an action's time passes", async () => {
  expect(await http().action("host:allowed")).toBe(true);
});

test("a query that never ends is ended, and others go on", async () => {
  expect(await outcome(http().query("host:loop"))).toEqual(FAILED);
  expect(await http().query("host:check", { name: "generators" })).toEqual([1, 2]);
});
