/**
 * The gate, in one command: format, types, dead code and lint beside the unit tests; `--e2e` adds the end-to-end tests. Every step
 * runs even if another one failed, so that one run shows all there is to mend. Exit code 1 if any step failed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = path.join(root, "node_modules/.bin");

/** Steps of a lane run one after the other, lanes side by side: the tests often wait, and the others never do. */
const reading = [
  ["format", "oxfmt", "--check", "."],
  ["types", "tsc", "-b"],
  ["dead code", "knip"],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
];
const running = [["tests", "vitest", "run"]];
if (process.argv.includes("--e2e")) {
  running.push(["end to end", "vitest", "run", "--config", "e2e/vitest.config.ts"]);
}

const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
if (process.stdout.isTTY && process.env.NO_COLOR === undefined) env.FORCE_COLOR = "1";

/** Runs a lane's steps; `say` gets what they print, when they print it. */
async function run(steps, say) {
  const results = [];
  for (const [name, command, ...args] of steps) {
    say(`\n── ${name}\n`);
    const begun = performance.now();
    const child = spawn(path.join(bin, command), args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env,
    });
    child.stdout.on("data", say);
    child.stderr.on("data", say);
    const [status] = await once(child, "close");
    results.push({ name, passed: status === 0, seconds: (performance.now() - begun) / 1000 });
  }
  return results;
}

/** One lane is heard as it goes, the other in one piece at its end: neither cuts into the other's lines. */
const read = [];
const lanes = await Promise.all([
  run(reading, (chunk) => read.push(String(chunk))),
  run(running, (chunk) => process.stdout.write(chunk)),
]);

console.log(read.join(""));
const results = lanes.flat();
for (const { name, passed, seconds } of results) {
  console.log(`${passed ? "✓" : "✗"} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
