import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Nothing that a repository or a user has configured may run programs, sign, or ask questions here. */
const QUIET = ["core.hooksPath=/dev/null", "commit.gpgsign=false", "core.fsmonitor=false"];

/** Runs git in `directory` and answers what it printed. @throws Error with git's own words */
export async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const configured = QUIET.flatMap((setting) => ["-c", setting]);
  const { stdout } = await run("git", ["-C", directory, ...configured, ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
    },
    maxBuffer: 8 * 1024 * 1024,
  });
  return stdout.trim();
}
