import { afterEach, describe, expect, test } from "vitest";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import { suites } from "./scenarios/index.ts";

describe.each(Object.entries(suites))("%s, in memory", (_, scenarios) => {
  let home: TestHome | undefined;
  afterEach(async () => {
    await home?.close();
  });
  test.each(Object.entries(scenarios))("%s", async (__, scenario) => {
    home = await openTestHome();
    expect.hasAssertions();
    await scenario(home);
  });
});
