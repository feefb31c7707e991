/**
 * The gate, in one command: format, types, dead code and lint beside the tests of every project that has changed since they last
 * passed. `--all`: all tests whatever has passed, those with real agents, the simulation and end to end besides. Every step runs even
 * if another one failed, so that one run shows all there is to mend. Exit code 1 if any step failed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { keepCompiledCode } from "./compiled-code.mjs";
import { Green } from "./green.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = path.join(root, "node_modules/.bin");
const all = process.argv.includes("--all");

/** The projects that one waits for before a commit, and their packages. */
const PROJECTS = {
  core: "packages/core",
  "convex-local": "packages/convex-local",
  backend: "services/backend",
  cli: "packages/cli",
  webapp: "apps/webapp",
};
const green = new Green(root, PROJECTS);
const contents = green.contents();
const wanted = all ? Object.keys(PROJECTS) : green.changed(contents);
const scratch = mkdtempSync(path.join(tmpdir(), "muster-check-"));
const report = path.join(scratch, "tests.json");

/** Steps of a lane run one after the other, lanes side by side: the tests often wait, and the others never do. */
const reading = [
  ["format", "oxfmt", "--check", "."],
  ["types", "tsc", "-b"],
  ["dead code", "knip"],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
];
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const chosen = all ? [] : wanted.flatMap((project) => ["--project", project]);
const running = wanted.length > 0 ? [["tests", "vitest", "run", ...reporters, ...chosen]] : [];
if (all) running.push(["end to end", "vitest", "run", "--config", "e2e/vitest.config.ts"]);

keepCompiledCode();
// Lint is written in Go: looking for garbage less often saves a tenth of its work.
const env = { GOGC: "400", ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
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

/** The projects in which no test failed. None if something else did. */
function passed(isGreen) {
  if (isGreen) return wanted;
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  const broken = testResults.filter(({ status }) => status === "failed").map(({ name }) => name);
  const isBroken = (project) =>
    broken.some((file) => file.startsWith(path.join(root, PROJECTS[project], path.sep)));
  return broken.length === 0 ? [] : wanted.filter((project) => !isBroken(project));
}

/** One lane is heard as it goes, the other in one piece at its end: neither cuts into the other's lines. */
const read = [];
const lanes = await Promise.all([
  run(reading, (chunk) => read.push(String(chunk))),
  run(running, (chunk) => process.stdout.write(chunk)),
]);
const results = lanes.flat();
const tests = results.find(({ name }) => name === "tests");
try {
  if (tests !== undefined) green.remember(passed(tests.passed), contents);
} finally {
  rmSync(scratch, { recursive: true });
}

console.log(read.join(""));
for (const { name, passed: isGreen, seconds } of results) {
  console.log(`${isGreen ? "✓" : "✗"} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
}
const kept = Object.keys(PROJECTS).filter((project) => !wanted.includes(project));
if (kept.length > 0) console.log(`  Unchanged since their tests passed: ${kept.join(", ")}.`);
process.exitCode = results.every(({ passed: isGreen }) => isGreen) ? 0 : 1;
