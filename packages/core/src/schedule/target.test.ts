import { expect, test } from "vitest";
import { parseTarget, targetProblem } from "./target.ts";

test("a target is a word or a person's channel", () => {
  expect(parseTarget("last")).toEqual({ type: "last" });
  expect(parseTarget("telegram/ada lovelace")).toEqual({
    type: "channel",
    kind: "telegram",
    person: "ada lovelace",
  });
});

test.each(["", "everybody", "/ada", "dashboard/", "Dash/ada", "dashboard/a\nb"])(
  "%j is no target",
  (words) => {
    expect(targetProblem(words)).toMatch(/is no target/);
    expect(targetProblem("owner")).toBeNull();
  },
);
