/** Finds or installs the Chromium that the browser tests drive. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const known = [
  process.env.MUSTER_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of an installed Chromium, or undefined when only Playwright's own download may have one. */
export function findBrowser() {
  return known.find((candidate) => candidate && existsSync(candidate));
}

/** Installs a browser where none is found. Answers with one sentence if that is impossible, else with undefined. */
export function ensureBrowser(root) {
  if (findBrowser() || installFromDebian()) return undefined;
  if (downloadByPlaywright(root)) return undefined;
  return "the browser tests need Chromium: install it (on Debian: apt-get install chromium) or set MUSTER_CHROMIUM.";
}

function installFromDebian() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.error("muster: installing Chromium for the browser tests (once)");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) =>
    spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env })
      .status === 0;
  return (
    apt("update") &&
    apt("install", "-y", "--no-install-recommends", "chromium") &&
    Boolean(findBrowser())
  );
}

function downloadByPlaywright(root) {
  const playwright = path.join(root, "e2e/node_modules/.bin/playwright-core");
  return spawnSync(playwright, ["install", "chromium"], { stdio: "inherit" }).status === 0;
}
