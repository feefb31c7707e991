import { join, resolve } from "node:path";
import type { CallCounts } from "convex-local";
import { CliError } from "../errors.ts";
import { systemClock } from "../daemon/clock.ts";
import { version } from "../daemon/version.ts";
import { ensurePrivateDir, readPrivate, writePrivate, type Home } from "../home.ts";
import { openLog } from "../log.ts";
import { writeCommandFile } from "./command-file.ts";
import { announceCurrent, forgetCurrent, runningUp } from "./current.ts";
import { keepDaemon } from "./keep-daemon.ts";
import { endDaemon, haveDaemon, NO_DAEMON, type HomeDaemon } from "./home-daemon.ts";
import { keepKeys } from "./keys.ts";
import { announceRestart, retractRestart } from "./restart-notice.ts";
import { startRuntime } from "./runtime.ts";
import { signIn, type SignIn } from "./sign-in.ts";
import { announceUpgrade } from "./upgrade-notice.ts";

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
  readonly daemon: HomeDaemon["how"];
  /** How often functions ran so far, as Convex bills them. */
  calls(): CallCounts;
  /** Drains: agents leave, what was accepted is finished, the store is closed. What people want stays as it is. */
  stop(): Promise<void>;
}

const DEPLOYMENT_VARIABLES = ["MUSTER_TIMING", "MUSTER_RATES", "MUSTER_SCHEDULES"];

/** What this shell says about the deployment; the rest of its environment is none of the backend's business. */
function deploymentVariables(env: HomeOptions["env"]): Record<string, string> {
  const found = DEPLOYMENT_VARIABLES.map((name) => [name, env[name]] as const);
  return Object.fromEntries(
    found.filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** Starts everything that `muster up` promises, in order; on a failure nothing is left running. */
export async function startHome(options: HomeOptions): Promise<RunningHome> {
  const { home, progress } = options;
  const data = resolve(options.data ?? home.data);
  await ensurePrivateDir(home.root);
  await refuseSecond(home);
  await ensurePrivateDir(data);
  const log = await openLog(home, "up");
  process.on("uncaughtExceptionMonitor", (error) => log("crashed", { stack: error.stack }));

  progress("Starting the backend …");
  const keys = await keepKeys(data);
  const variables = deploymentVariables(options.env);
  const runtime = await startRuntime({
    ...options,
    data,
    keys,
    variables,
    log,
    onBroken: progress,
  });
  let daemon = NO_DAEMON;
  let kept: Promise<void> | undefined;
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await kept;
    await endDaemon(home, daemon, log);
    await runtime.close();
    await forgetCurrent(home);
    log("down");
  };
  try {
    const { url, siteUrl, adminKey } = runtime;
    const notice = { deployment: { url, adminKey }, data, log };
    await retractRestart(notice);
    await announceUpgrade(notice, version);
    const who = await signIn({ home, url, adminKey });
    if (options.daemon) daemon = await haveDaemon({ ...options, url });
    const announce = async () =>
      await announceCurrent(home, { url, siteUrl, data, daemonPid: daemon.ownPid ?? undefined });
    await announce();
    if (daemon.ownPid !== null) {
      const onNew = async (ownPid: number) => {
        daemon = { how: "started", ownPid };
        await announce();
      };
      const { signal } = stopping;
      const how = { ...options, url, pid: daemon.ownPid, onNew, signal, clock: systemClock, log };
      kept = keepDaemon(how);
    }
    await writeCommandFile(home);
    if (options.demo) await seedOnce(options, data, url);
    log("up", { url, siteUrl, data, daemon: daemon.how });
    const announceAndStop = async (): Promise<void> => {
      await announceRestart(notice);
      await stop();
    };
    const calls = () => runtime.calls();
    return { ...who, url, siteUrl, data, daemon: daemon.how, calls, stop: announceAndStop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One home, one `up`: its credentials and its daemon belong to one backend. */
async function refuseSecond(home: Home): Promise<void> {
  const running = await runningUp(home);
  if (running === null) return;
  throw new CliError(
    "conflict",
    `Muster already runs on ${running.data}: process ${running.pid}, ${running.url}.`,
    { hint: "Open it with `muster open`, or end it with `muster down`." },
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
