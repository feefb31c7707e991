import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refusalOfNode } from "./node-version.ts";

test("a Node that is too old is refused with what to do, before anything that it lacks is loaded", () => {
  expect(refusalOfNode("20.20.2")).toMatch(
    /needs Node 22\.13 or newer, and this is Node 20\.20\.2/,
  );
  expect(refusalOfNode("22.12.0")).toBeDefined();
  expect(refusalOfNode("22.13.0")).toBeUndefined();
  expect(refusalOfNode("24.0.0")).toBeUndefined();
});

test("the package says the same", () => {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8");
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  const oldest = engines.node.replace(">=", "");
  expect(refusalOfNode(`${oldest}.0`)).toBeUndefined();
});
