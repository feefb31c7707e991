import { expect, test } from "vitest";
import { MAX_ACTIVITY_LENGTH, activityLine } from "./activity.ts";

test("an activity line is the first line that says something, cut between characters", () => {
  expect(activityLine("\n  half way\nmore")).toBe("half way");
  expect(activityLine(" \n")).toBeNull();
  const cut = activityLine("⚓".repeat(300)) ?? "";
  expect(cut).toBe("⚓".repeat(MAX_ACTIVITY_LENGTH));
  expect(activityLine("🚢".repeat(300))).toBe("🚢".repeat(MAX_ACTIVITY_LENGTH));
});
