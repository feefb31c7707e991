import { isLive } from "@muster/core/agent/lifecycle";
import type { Timing } from "@muster/core";
import { setTimeout as sleep } from "node:timers/promises";
import { readCurrent } from "../backend/address.ts";
import type { Current } from "../backend/address.ts";
import { daemonStatus, startDaemon } from "../daemon/index.ts";
import { environmentOf } from "../daemon/marker.ts";
import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import { identityOf } from "../process-identity.ts";
import { environmentLike, isService, killProcess, startUpAgain } from "./kill.ts";
import { promised } from "./promises.ts";
import type { Incident, Measured, Promised } from "./promises.ts";
import type { Scene } from "./scene.ts";

export interface DrillOptions {
  readonly home: Home;
  readonly url: string;
  readonly timing: Timing;
  readonly scene: Scene;
  /** The running home whose backend may be killed; null leaves it alone. */
  readonly up: Current | null;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

type Times = Pick<Measured, "seenMs" | "backMs">;

/** How much longer than promised anything is waited for. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 50;

/** Kills the agent, the daemon and the backend, each in the middle of a task, and measures what follows. */
export async function drill(options: DrillOptions): Promise<Measured[]> {
  const { timing, up } = options;
  const promises = promised(timing);
  const measured = [
    await measure(options, "agent", promises.agent, killAgent),
    await measure(options, "daemon", promises.daemon, killDaemon),
  ];
  if (up === null) return measured;
  return [...measured, await measure(options, "backend", promises.backend, killBackend)];
}

async function measure(
  options: DrillOptions,
  incident: Incident,
  promise: Promised,
  kill: (options: DrillOptions, promise: Promised) => Promise<Times>,
): Promise<Measured> {
  const { scene, progress } = options;
  progress(`The agent is given a task, and then the ${incident} is killed …`);
  const taskId = await scene.work();
  const times = await kill(options, promise);
  progress("Waiting for the end of that task …");
  return { incident, promised: promise, ...times, taskKept: await scene.finished(taskId) };
}

/** Only a process that says itself that it is this seat's agent is touched. */
async function killAgent({ scene }: DrillOptions, promise: Promised): Promise<Times> {
  const pid = scene.seat?.pid ?? 0;
  const identity = await identityOf(pid);
  const environment = await environmentOf(pid);
  const isOurs =
    environment.includes(`MUSTER_ROOM=${scene.roomId}`) &&
    environment.includes(`MUSTER_ROLE=${scene.role}`);
  if (identity === null || !isOurs) {
    throw new CliError("conflict", "The drill's agent does not run on this computer.");
  }
  await killProcess(identity, "The drill's agent");
  const killedAt = performance.now();
  const dead = await scene.until((seat) => !isLive(seat.agentStatus), PATIENCE_MS);
  const back = await scene.until(
    (seat) => isLive(seat.agentStatus) && seat.pid !== pid,
    promise.backMs + PATIENCE_MS,
  );
  return {
    seenMs: dead === null ? null : dead - killedAt,
    backMs: back === null ? null : back - (dead ?? killedAt),
  };
}

/** The daemon that `muster up` has started comes back by itself; any other is started by the drill, like the one before. */
async function killDaemon(options: DrillOptions, promise: Promised): Promise<Times> {
  const { home, url, scene } = options;
  const { pid = 0 } = (await daemonStatus(home)) ?? {};
  const identity = await identityOf(pid);
  if (identity === null) throw new CliError("conflict", "This machine's daemon does not run.");
  const env = await environmentLike(pid);
  const comesBack = (await readCurrent(home))?.daemonPid === pid || isService(env);
  await killProcess(identity, "The daemon");
  const killedAt = performance.now();
  const missed = scene.until(
    (seat) => seat.machineConnected === false,
    promise.seenMs + PATIENCE_MS,
  );
  const ending = new AbortController();
  const returned = until(options, async () => await isNew(home, pid), ending.signal);
  // Whichever of the two is not waited for may still hear of the drill's own end.
  for (const one of [missed, returned]) one.catch(() => undefined);
  const seen = await (comesBack ? Promise.race([missed, returned.then(() => null)]) : missed);
  const seenAt = performance.now();
  if (!comesBack) await startDaemon({ home, env, url });
  const there = await Promise.race([returned, sleep(promise.backMs + PATIENCE_MS, null)]);
  ending.abort();
  const back = await scene.until((seat) => seat.machineConnected === true, PATIENCE_MS);
  const since = comesBack && seen === null ? killedAt : seenAt;
  return {
    seenMs: seen === null ? null : seen - killedAt,
    backMs: there === null || back === null ? null : back - since,
  };
}

async function isNew(home: Home, old: number): Promise<boolean> {
  const now = await daemonStatus(home);
  return now !== null && now.pid !== old && now.machineId !== null;
}

async function killBackend(options: DrillOptions, promise: Promised): Promise<Times> {
  const { scene, up } = options;
  if (up === null) throw new CliError("conflict", "Muster does not run on this machine.");
  const env = await environmentLike(up.pid);
  await killProcess(up, "The backend");
  const killedAt = performance.now();
  const ending = AbortSignal.timeout(promise.seenMs + promise.backMs + PATIENCE_MS);
  const isWell = async () => await scene.isWell().catch(() => false);
  const seen = await until(options, async () => !(await isWell()), ending);
  if (!isService(env)) startUpAgain(options.home, up, env);
  const back = seen === null ? null : await until(options, isWell, ending);
  return {
    seenMs: seen === null ? null : seen - killedAt,
    backMs: seen === null || back === null ? null : back - seen,
  };
}

/** When it was so; null once `ending` aborts. @throws the drill's own end */
async function until(
  { signal }: DrillOptions,
  isSo: () => Promise<boolean>,
  ending: AbortSignal,
): Promise<number | null> {
  while (!ending.aborted) {
    signal.throwIfAborted();
    if (await isSo()) return performance.now();
    await sleep(LOOK_MS);
  }
  return null;
}
