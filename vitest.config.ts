import { defineConfig } from "vitest/config";
import { keepCompiledCode } from "./scripts/compiled-code.mjs";
import { leaveGarbage } from "./scripts/garbage.mjs";

keepCompiledCode();
leaveGarbage();

/**
 * Real daemons, agents and terminals whose leases of 700 ms are believed: the `test` timing profile. Real processes with leases that
 * outlast their tests (`fast`) run beside everything else.
 */
const shortLeases = [
  "src/daemon/{agents,daemon}.test.ts",
  "src/agent-run/acp-agents.test.ts",
  "test/{daemon-kept,drill,exits,mcp,mcp-seat,orphan,team}.test.ts",
];

/**
 * The files of a project share their workers and the modules in them: what a test leaves behind in a module, a global or the
 * environment, the next file meets. `--sequence.shuffle.files` shows whether one does.
 */
const shared = { isolate: false, maxWorkers: "100%" };

/** One project per package, so that `vitest run --project core` is the fast loop of that room. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "core",
          root: "packages/core",
          include: ["src/**/*.test.ts"],
          testTimeout: 20_000,
          ...shared,
        },
      },
      {
        test: {
          name: "convex-local",
          root: "packages/convex-local",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 20_000,
          ...shared,
        },
      },
      {
        test: {
          name: "backend",
          root: "services/backend",
          include: ["convex/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 20_000,
          ...shared,
        },
      },
      {
        test: {
          name: "cli",
          root: "packages/cli",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: shortLeases,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          ...shared,
        },
      },
      {
        test: {
          name: "cli-processes",
          root: "packages/cli",
          include: shortLeases,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // Leases of 700 ms and starts within 3 s hold on a machine that has nothing else to do.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "simulation",
          root: "packages/simulation",
          include: ["test/**/*.test.ts"],
          // Each simulation is one process that never waits: two of them use two cores.
          maxConcurrency: 2,
          testTimeout: 240_000,
          sequence: { groupOrder: 2 },
        },
      },
      "apps/webapp",
    ],
  },
});
