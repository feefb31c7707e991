import type { Home } from "../home.ts";
import type { Log } from "../log.ts";
import { readCurrent } from "../backend/address.ts";

/** This machine's daemon, as far as a running home has to do with it. */
export interface HomeDaemon {
  readonly how: "started" | "adopted" | "none";
  /** Its pid if an `up` of this home started it, this one or one that was killed: then it ends with this home. */
  readonly ownPid: number | null;
}

export const NO_DAEMON: HomeDaemon = { how: "none", ownPid: null };

export interface DaemonOptions {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly url: string;
  readonly progress: (line: string) => void;
}

/** Adopts the daemon that runs, with all its agents, or starts one. @throws CliError if none can be started */
export async function haveDaemon(options: DaemonOptions): Promise<HomeDaemon> {
  const { home, env, url, progress } = options;
  const { daemonStatus, startDaemon, stopDaemon } = await import("../daemon/index.ts");
  const before = await daemonStatus(home);
  if (before !== null && !before.draining && (before.url ?? url) === url) {
    progress("This machine's daemon still runs: adopted.");
    const last = await readCurrent(home);
    return { how: "adopted", ownPid: last?.daemonPid === before.pid ? before.pid : null };
  }
  // It is ending already, or serves an address where nobody answers any more.
  if (before !== null) await stopDaemon(home);
  progress("Starting this machine's daemon …");
  const { pid } = await startDaemon({ home, env, url });
  return { how: "started", ownPid: pid };
}

/** Drains a daemon of this home's own; one that people started by themselves goes on. */
export async function endDaemon(home: Home, daemon: HomeDaemon, log: Log): Promise<void> {
  if (daemon.ownPid === null) return;
  const { daemonStatus, stopDaemon } = await import("../daemon/index.ts");
  if ((await daemonStatus(home))?.pid !== daemon.ownPid) return;
  await stopDaemon(home).catch((error: unknown) =>
    log("daemon_not_stopped", { message: String(error) }),
  );
}
