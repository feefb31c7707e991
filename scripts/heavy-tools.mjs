/**
 * The programs of Linux that the heavier proofs work with: slow syncs and power cuts (strace), links that lose packets (ip), clocks that
 * are wrong (libfaketime). `pretest:heavy` installs those that are missing where that takes one command, and never fails: a proof
 * whose program is not there says what it did not prove.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const PACKAGES = ["strace", "iproute2", "libfaketime"];
const MOST_MS = 120_000;

const isInstalled = (name) => spawnSync("dpkg-query", ["-W", name]).status === 0;

if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
  const missing = PACKAGES.filter((name) => !isInstalled(name));
  if (missing.length > 0) install(missing);
}

function install(missing) {
  console.error(`muster: installing ${missing.join(", ")} for the heavier proofs (once)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const how = { stdio: ["ignore", "ignore", "inherit"], env, timeout: MOST_MS };
  const patience = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10"];
  const apt = (...args) => spawnSync("apt-get", ["-qq", ...patience, ...args], how).status === 0;
  if (apt("update") && apt("install", "-y", "--no-install-recommends", ...missing)) return;
  console.error(
    "muster: that was not possible; what it leaves unproven is said where it is missing",
  );
}
