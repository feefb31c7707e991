import { execFile } from "node:child_process";

/** Nothing that a repository has configured may run programs, sign, or ask questions here. */
const QUIET = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "commit.gpgsign=false",
  "core.quotePath=false",
].flatMap((setting) => ["-c", setting]);

/** A huge repository must not hold up its agent. */
const TIMEOUT_MS = 20_000;

export interface GitOptions {
  readonly path: string;
  /** Bytes of output that are read; git is ended when there are more. */
  readonly most?: number;
  /** An index of our own, which nobody else uses. */
  readonly index?: string;
}

export interface GitOutput {
  readonly text: string;
  /** There was more. */
  readonly cut: boolean;
}

/** Runs git in `directory` with arguments that no shell sees. Null if it fails or takes too long. */
export async function git(
  directory: string,
  args: readonly string[],
  { path, most = 1024 * 1024, index }: GitOptions,
): Promise<GitOutput | null> {
  const env = {
    PATH: path,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  };
  return await new Promise((resolve) => {
    execFile(
      "git",
      ["-C", directory, ...QUIET, ...args],
      { env, maxBuffer: most, timeout: TIMEOUT_MS, killSignal: "SIGKILL" },
      (error, stdout) => {
        const cut = error?.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";
        resolve(error === null || cut ? { text: stdout, cut } : null);
      },
    );
  });
}
