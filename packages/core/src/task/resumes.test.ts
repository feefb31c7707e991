import { expect, test } from "vitest";
import { isFirstIdleResume } from "./resumes.ts";

test("the fourth resume without progress is told, the ones before and after are not", () => {
  expect([1, 2, 3, 4, 5, 6].filter(isFirstIdleResume)).toEqual([4]);
});
