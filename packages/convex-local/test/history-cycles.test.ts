import { describe, expect, test } from "vitest";
import { faultsOf, type Step } from "./history-cycles.ts";

const step = (
  name: string,
  reads: Step["reads"],
  appends: readonly string[],
  after?: string,
): Step => ({
  name,
  reads,
  appends,
  after: after ?? null,
});

const write = (name: string, ...appends: string[]) => step(name, {}, appends);

describe("a history", () => {
  test("that a serial order explains has no fault", () => {
    const steps = [
      write("a", "x", "y"),
      step("b", { x: ["a"], y: ["a"] }, ["x"]),
      step("c", { x: ["a", "b"], y: ["a"] }, ["y"], "b"),
    ];
    expect(faultsOf(steps, { x: ["a", "b"], y: ["a", "c"] })).toEqual([]);
  });

  test.each<[string, readonly Step[], Record<string, readonly string[]>, RegExp]>([
    ["lost", [write("a", "x")], { x: [] }, /^lost: a in x$/],
    ["repeated", [write("a", "x")], { x: ["a", "a"] }, /^twice: a in x$/],
    ["invented", [], { x: ["a"] }, /^never sent: a in x$/],
    [
      "read in an order that it never had",
      [write("a", "x"), write("b", "x"), step("c", { x: ["b"] }, [])],
      { x: ["a", "b"] },
      /^c read x as it never was$/,
    ],
    [
      "written in two orders",
      [write("a", "x", "y"), write("b", "x", "y")],
      { x: ["a", "b"], y: ["b", "a"] },
      /^a circle among a, b$/,
    ],
    [
      "skewed, each of two reading before the other wrote",
      [step("a", { x: [] }, ["y"]), step("b", { y: [] }, ["x"])],
      { x: ["b"], y: ["a"] },
      /^a circle among a, b$/,
    ],
    [
      "seen torn, new in one list and old in another",
      [write("a", "x", "y"), step("b", { x: ["a"], y: [] }, [])],
      { x: ["a"], y: ["a"] },
      /^a circle among a, b$/,
    ],
    [
      "forgotten by the client that made it",
      [write("a", "x"), step("b", { x: [] }, [], "a")],
      { x: ["a"] },
      /^a circle among a, b$/,
    ],
  ])("in which something is %s is found out", (_, steps, lists, fault) => {
    expect(faultsOf(steps, lists).join()).toMatch(fault);
  });
});
