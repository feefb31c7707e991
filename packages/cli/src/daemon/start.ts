import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError } from "../errors.ts";
import { ensurePrivateDir } from "../home.ts";
import type { Home } from "../home.ts";
import { AGENT_MARKER, TURN_MARKER } from "./marker.ts";
import { daemonStatus } from "./status.ts";
import type { DaemonStatus } from "./status.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** How long a start may take until the machine is registered, on a slow and busy computer. */
const START_MS = 30_000;

/** The first thing that a daemon says to whoever started it, and the last. */
export type StartNews =
  | { readonly kind: "registered" }
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly error: string;
      readonly hint?: string;
    };

/**
 * Starts this machine's daemon in a process group of its own, so that a Ctrl-C or the end of the caller does not reach
 * it, and waits until the machine is registered. @throws CliError with the reason why it is not
 */
export async function startDaemon(options: {
  home: Home;
  env: NodeJS.ProcessEnv;
  url: string;
}): Promise<DaemonStatus> {
  const { home, env, url } = options;
  if (env["MUSTER_ROLE"] !== undefined && env["MUSTER_ROLE"] !== "") {
    throw new CliError("not_allowed", "An agent does not start the daemon that runs it.");
  }
  await ensurePrivateDir(home.logs);
  // Node would create it for everyone to read.
  await ensurePrivateDir(join(home.root, "cache"));
  const log = openSync(join(home.logs, "daemon.log"), "a", 0o600);
  const child = spawn(process.execPath, [MAIN], {
    cwd: home.root,
    env: {
      ...unmarked(env),
      MUSTER_HOME: home.root,
      MUSTER_URL: url,
      NODE_COMPILE_CACHE: join(home.root, "cache"),
    },
    detached: true,
    shell: false,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  try {
    const news = await firstNews(child);
    if (news.kind === "failed") {
      throw new CliError(news.error, news.reason, { hint: news.hint });
    }
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
  const status = await daemonStatus(home);
  if (status === null) throw new CliError("unexpected", "The daemon ended right after its start.");
  return status;
}

async function firstNews(child: ChildProcess): Promise<StartNews> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(
        new CliError("unreachable", `The daemon was not registered within ${START_MS / 1_000} s.`),
      );
    }, START_MS);
    const settle = (news: StartNews) => {
      clearTimeout(timer);
      resolve(news);
    };
    child.once("message", (news) => settle(news as StartNews));
    child.once("error", (error) =>
      settle(failed(`The daemon could not be started: ${error.message}`)),
    );
    child.once("exit", (code, signal) =>
      settle(failed(`The daemon ended before it was registered (${signal ?? code}).`)),
    );
  });
}

function failed(reason: string): StartNews {
  return { kind: "failed", error: "unexpected", reason, hint: "See: muster logs" };
}

/** A daemon that carried an agent's mark would be ended with that agent. */
function unmarked(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [AGENT_MARKER]: _agent, [TURN_MARKER]: _turn, ...rest } = env;
  return rest;
}
