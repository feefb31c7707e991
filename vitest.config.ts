import { defineConfig } from "vitest/config";

/** One project per package, so that `vitest run --project core` is the fast loop of that room. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "core", root: "packages/core", include: ["src/**/*.test.ts"] } },
      {
        test: {
          name: "convex-local",
          root: "packages/convex-local",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "backend",
          root: "services/backend",
          include: ["convex/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "cli",
          root: "packages/cli",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      "apps/webapp",
    ],
  },
});
