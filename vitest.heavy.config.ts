import { defineConfig } from "vitest/config";

/** The heavier proofs: torture, long runs. `pnpm test:heavy`, at most 30 minutes. */
export default defineConfig({
  test: {
    include: ["**/*.heavy.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 600_000,
    fileParallelism: false,
  },
});
