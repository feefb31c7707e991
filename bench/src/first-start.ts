import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { findBrowser } from "../../scripts/browser.mjs";
import { figuresOf, repeat } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { freePort } from "./free-port.ts";
import { environment, ROOT, Scratch } from "./places.ts";

const UNITS = { "sign-in link": "s", "usable page": "s" } as const;

/**
 * `npm start` as a newcomer has it: a fresh clone of the last commit, an empty home, no package in any cache of this computer.
 * Usable is a page that has signed in by the link and takes a message. Without a browser only the link is timed.
 * The first start is one run: it is as quick as the network.
 */
export async function measureFirstStart(runs: number): Promise<Figure[]> {
  using scratch = new Scratch();
  const checkout = path.join(scratch.path, "muster");
  const clone = spawnSync("git", ["clone", "--quiet", ROOT, checkout], { stdio: "inherit" });
  if (clone.status !== 0) throw new Error("The clone failed.");
  const executablePath = findBrowser();
  await using browser =
    executablePath === undefined
      ? null
      : await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  const start = async () => await npmStart(checkout, newcomer(scratch.path), browser);
  const first = await repeat(1, start);
  const later = await repeat(runs, start);
  return [
    ...figuresOf(
      { work: "npm start in a clean clone, the first time", durable: null },
      UNITS,
      first,
    ),
    ...figuresOf(
      { work: "npm start in the same clone, from then on", durable: null },
      UNITS,
      later,
    ),
  ];
}

/** An environment in which nothing is installed or cached, and npm finds its registry as before. */
function newcomer(directory: string): NodeJS.ProcessEnv {
  const home = path.join(directory, "home");
  mkdirSync(home, { recursive: true });
  const { PATH = "", ...rest } = environment({
    HOME: home,
    MUSTER_HOME: path.join(home, ".muster"),
    npm_config_userconfig: process.env["npm_config_userconfig"] ?? path.join(homedir(), ".npmrc"),
    npm_config_cache: path.join(home, ".npm"),
  });
  const kept = Object.entries(rest).filter(
    ([name]) => !/^(XDG_|PNPM_|TURBO_|npm_(?!config_)|npm_config_store|NODE_COMPILE)/.test(name),
  );
  const elsewhere = PATH.split(path.delimiter).filter((entry) => !entry.startsWith(ROOT));
  return { ...Object.fromEntries(kept), PATH: elsewhere.join(path.delimiter) };
}

async function npmStart(
  checkout: string,
  env: NodeJS.ProcessEnv,
  browser: Browser | null,
): Promise<Run> {
  const ports = ["--port", String(await freePort()), "--site-port", String(await freePort())];
  const begun = performance.now();
  const npm = spawn("npm", ["start", "--", ...ports], {
    cwd: checkout,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const link = await signInLink(npm);
    const linked = (performance.now() - begun) / 1_000;
    if (browser !== null) await open(browser, link);
    const usable = browser === null ? Number.NaN : (performance.now() - begun) / 1_000;
    return { "sign-in link": linked, "usable page": usable };
  } finally {
    // The whole foreground group, as a terminal's Ctrl-C.
    if (npm.exitCode === null && npm.pid !== undefined) {
      process.kill(-npm.pid, "SIGINT");
      await once(npm, "exit");
    }
  }
}

async function signInLink(npm: ChildProcess): Promise<string> {
  let said = "";
  return await new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const link = /http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/.exec(said)?.[0];
      if (link !== undefined) resolve(link);
    };
    npm.stdout?.on("data", hear);
    npm.stderr?.on("data", hear);
    npm.once("exit", () => reject(new Error(`npm start ended early:\n${said}`)));
  });
}

async function open(browser: Browser, link: string): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("textbox", { name: "Message to planner" }).waitFor();
  await context.close();
}
