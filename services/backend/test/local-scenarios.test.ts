import { afterEach, describe, expect, test } from "vitest";
import type { Home } from "./home.ts";
import { openLocalHome } from "./local-home.ts";
import { suites } from "./scenarios/index.ts";

describe.each(Object.entries(suites))("%s, on convex-local", (_, scenarios) => {
  let home: Home | undefined;
  afterEach(async () => {
    await home?.close();
  });
  test.each(Object.entries(scenarios))("%s", async (__, scenario) => {
    home = await openLocalHome();
    expect.hasAssertions();
    await scenario(home);
  });
});
