import { join, resolve } from "node:path";
import { CliError } from "../errors.ts";
import { ensurePrivateDir, readPrivate, writePrivate, type Home } from "../home.ts";
import { openLog, type Log } from "../log.ts";
import { writeCommandFile } from "./command-file.ts";
import { announceCurrent, forgetCurrent, runningUp } from "./current.ts";
import { keepKeys } from "./keys.ts";
import { startRuntime } from "./runtime.ts";
import { signIn, type SignIn } from "./sign-in.ts";

export interface HomeOptions {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
  readonly sitePort: number;
  readonly data: string | undefined;
  readonly daemon: boolean;
  readonly demo: boolean;
  readonly progress: (line: string) => void;
}

/** A backend with its dashboard, signed in, and usually with this machine's daemon. */
export interface RunningHome extends SignIn {
  readonly url: string;
  readonly siteUrl: string;
  readonly data: string;
  /** `adopted`: it ran before, and will go on when this home stops. */
  readonly daemon: "started" | "adopted" | "none";
  /** Drains: agents leave, what was accepted is finished, the store is closed. What people want stays as it is. */
  stop(): Promise<void>;
}

/** Starts everything that `muster up` promises, in order; on a failure nothing is left running. */
export async function startHome(options: HomeOptions): Promise<RunningHome> {
  const { home, progress } = options;
  const data = resolve(options.data ?? home.data);
  await ensurePrivateDir(home.root);
  await refuseSecond(home, data);
  await ensurePrivateDir(data);
  const log = await openLog(home, "up");
  process.on("uncaughtExceptionMonitor", (error) => log("crashed", { stack: error.stack }));

  progress("Starting the backend …");
  const keys = await keepKeys(data);
  const timing = options.env["MUSTER_TIMING"];
  const runtime = await startRuntime({ ...options, data, keys, timing, log, onBroken: progress });
  try {
    const { url, siteUrl, adminKey } = runtime;
    const who = await signIn({ home, url, adminKey });
    await announceCurrent(home, { url, siteUrl, data });
    await writeCommandFile(home);
    const daemon = options.daemon ? await haveDaemon(options, url) : "none";
    if (options.demo) await seedOnce(options, data, url);
    log("up", { url, siteUrl, data, daemon });
    return {
      ...who,
      url,
      siteUrl,
      data,
      daemon,
      async stop() {
        if (daemon === "started") await endDaemon(options, log);
        await runtime.close();
        await forgetCurrent(home);
        log("down");
      },
    };
  } catch (error) {
    await runtime.close();
    await forgetCurrent(home);
    throw error;
  }
}

async function refuseSecond(home: Home, data: string): Promise<void> {
  const running = await runningUp(home);
  if (running?.data !== data) return;
  throw new CliError(
    "conflict",
    `Muster already runs on this data: process ${running.pid}, ${running.url}.`,
    { hint: "Open it with `muster open`, or end it with `muster down`." },
  );
}

async function haveDaemon(options: HomeOptions, url: string): Promise<"started" | "adopted"> {
  const { home, env, progress } = options;
  const { daemonStatus, startDaemon, stopDaemon } = await import("../daemon/index.ts");
  const before = await daemonStatus(home);
  if (before !== null && (before.url ?? url) === url) {
    progress("This machine's daemon still runs: adopted.");
    return "adopted";
  }
  // It serves an address where nobody answers any more.
  if (before !== null) await stopDaemon(home);
  progress("Starting this machine's daemon …");
  await startDaemon({ home, env, url });
  return "started";
}

async function endDaemon(options: HomeOptions, log: Log): Promise<void> {
  const { stopDaemon } = await import("../daemon/index.ts");
  await stopDaemon(options.home).catch((error: unknown) =>
    log("daemon_not_stopped", { message: String(error) }),
  );
}

/** Once per data directory: a demo room that was deleted stays deleted. */
async function seedOnce(options: HomeOptions, data: string, url: string): Promise<void> {
  const mark = join(data, "demo-seeded");
  if ((await readPrivate(mark)) !== null) return;
  options.progress("Setting up the demo room harbor …");
  const { seedDemo } = await import("../demo/index.ts");
  await seedDemo({ home: options.home, url });
  await writePrivate(mark, "");
}
