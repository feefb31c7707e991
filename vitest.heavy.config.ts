import { defineConfig } from "vitest/config";
import { keepCompiledCode } from "./scripts/compiled-code.mjs";

keepCompiledCode();

/** The heavier proofs: torture, long runs. `pnpm test:heavy`, at most 30 minutes. */
export default defineConfig({
  test: {
    include: ["**/*.heavy.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 600_000,
    fileParallelism: false,
  },
});
