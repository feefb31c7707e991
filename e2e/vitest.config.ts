import { defineConfig } from "vitest/config";
import { keepCompiledCode } from "../scripts/compiled-code.mjs";
import { leaveGarbage } from "../scripts/garbage.mjs";

keepCompiledCode();
leaveGarbage();

/** Whole-product tests: real ports, real processes, a real browser. One file after the other. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["src/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
