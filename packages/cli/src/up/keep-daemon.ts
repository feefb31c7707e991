import { backoffDelay } from "@muster/core/backoff";
import type { Clock } from "../daemon/clock.ts";
import type { Log } from "../log.ts";
import { identityOf, isGone } from "../process-identity.ts";
import type { DaemonOptions } from "./home-daemon.ts";

const LOOK_MS = 500;
const BOUNDS = { firstMs: 1_000, maxMs: 60_000 };
/** A daemon that lived this long did not fail at its start. */
const SETTLED_MS = 60_000;

export interface KeepOptions extends Pick<DaemonOptions, "home" | "env" | "url"> {
  readonly pid: number;
  /** Awaited before the new daemon is looked after. */
  readonly onNew: (pid: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Starts this home's own daemon again whenever it dies unasked, each time later, until `signal` aborts. One that people
 * have stopped stays stopped, and one that they have started instead is theirs.
 */
export async function keepDaemon(options: KeepOptions): Promise<void> {
  const { home, env, url, onNew, signal, clock, log } = options;
  const { daemonStatus, endedOnPurpose, startDaemon } = await import("../daemon/index.ts");
  let { pid } = options;
  for (let failures = 0; !signal.aborted;) {
    const since = clock.now();
    await untilGone(pid, clock, signal);
    if (signal.aborted || (await endedOnPurpose(home, pid))) return;
    failures = clock.now() - since > SETTLED_MS ? 1 : failures + 1;
    log("daemon_died", { pid, failures });
    await clock.sleep(backoffDelay(failures, clock.random(), BOUNDS), signal);
    if (signal.aborted || (await daemonStatus(home)) !== null) return;
    try {
      ({ pid } = await startDaemon({ home, env, url }));
      await onNew(pid);
    } catch (error) {
      log("daemon_not_started", { message: (error as Error).message });
    }
  }
}

async function untilGone(pid: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const identity = await identityOf(pid);
  if (identity === null) return;
  while (!signal.aborted && !(await isGone(identity))) await clock.sleep(LOOK_MS, signal);
}
