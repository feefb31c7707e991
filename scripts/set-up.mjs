/**
 * All the set-up there is: `prestart`, `pretest` and `precheck` run it with whatever Node the machine carries (20 or newer), before
 * anything is installed. It therefore imports nothing but Node's own modules. A second run takes a fraction of a second.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowser } from "./browser.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stamp = path.join(root, "node_modules/.muster-set-up.json");
const purpose = process.argv[2] ?? "start";

/** Ends the npm script with one sentence: what failed and what to do. */
function fail(sentence) {
  console.error(`\nmuster: ${sentence}`);
  process.exit(1);
}

function run(command, args, stdio = "inherit") {
  // turbo asks the path for pnpm and for the Node that the lockfile names.
  const PATH = `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH}`;
  const env = { ...process.env, PATH, TURBO_TELEMETRY_DISABLED: "1" };
  return spawnSync(command, args, { cwd: root, stdio, env, encoding: "utf8" });
}

/** What an installation is made from: the lockfile and every manifest. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests()]) {
    hash.update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

function manifests() {
  const grouped = ["apps", "packages", "services"].flatMap((group) =>
    readdirSync(path.join(root, group)).map((name) => `${group}/${name}`),
  );
  return [".", ...grouped, "bench", "e2e"]
    .map((folder) => path.join(folder, "package.json"))
    .filter((file) => existsSync(path.join(root, file)));
}

/** Tests need all packages. Such an installation serves a start, too; not the other way round. */
const scope = purpose === "start" ? "start" : "test";

function isInstalled(made) {
  if (!existsSync(stamp)) return false;
  const last = JSON.parse(readFileSync(stamp, "utf8"));
  return last.made === made && (last.purpose === "test" || scope === "start");
}

function install() {
  const made = fingerprint();
  if (isInstalled(made)) return;
  const { packageManager } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const left = scope === "start" ? ["--filter", "!@muster/e2e", "--filter", "!@muster/bench"] : [];
  console.error("muster: installing what is missing (once)");
  // The warnings are about the Node that installs; everything runs on the one that is installed.
  const quiet = ["--frozen-lockfile", "--reporter", "append-only", "--loglevel", "error"];
  const { status } = run("npx", ["--yes", packageManager, ...left, "install", ...quiet]);
  if (status !== 0) {
    fail(
      "the installation failed; see above. It needs npm's package registry, and runs again at the next start.",
    );
  }
  writeFileSync(stamp, JSON.stringify({ made, purpose: scope }));
}

/** Everything behind this script runs on the Node that the lockfile names. */
function requireNode() {
  const node = path.join(root, "node_modules/.bin/node");
  const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (status !== 0 || !/^v(2[4-9]|[3-9]\d)\./.test(stdout)) {
    fail("Node 24 could not be installed into node_modules; delete node_modules and try again.");
  }
}

/** turbo builds only what changed since the last time; what it prints matters when it fails. */
function buildDashboard() {
  const turbo = path.join(root, "node_modules/.bin/turbo");
  const { status, stdout, stderr } = run(
    turbo,
    ["run", "build", "--filter", "@muster/webapp"],
    "pipe",
  );
  if (status === 0) return;
  console.error(stdout, stderr);
  fail("the dashboard could not be built; see above.");
}

install();
requireNode();
if (purpose !== "check") buildDashboard();
if (purpose === "test") {
  const missing = ensureBrowser(root);
  if (missing) fail(missing);
}
