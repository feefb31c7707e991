/**
 * The gate, in one command: format, lint, types, dead code, unit tests; `--e2e` adds the end-to-end tests. Every step runs
 * even if an earlier one failed, so that one run shows all there is to mend. Exit code 1 if any step failed.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = path.join(root, "node_modules/.bin");

const steps = [
  ["format", "oxfmt", "--check", "."],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["types", "tsc", "-b"],
  ["dead code", "knip"],
  ["tests", "vitest", "run"],
];
if (process.argv.includes("--e2e")) {
  steps.push(["end to end", "vitest", "run", "--config", "e2e/vitest.config.ts"]);
}

const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
const results = steps.map(([name, command, ...args]) => {
  console.log(`\n── ${name}`);
  const begun = performance.now();
  const { status } = spawnSync(path.join(bin, command), args, { cwd: root, stdio: "inherit", env });
  return { name, passed: status === 0, seconds: (performance.now() - begun) / 1000 };
});

console.log("");
for (const { name, passed, seconds } of results) {
  console.log(`${passed ? "✓" : "✗"} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = results.every((result) => result.passed) ? 0 : 1;
