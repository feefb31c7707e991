import { hostname, platform, release } from "node:os";
import { readHarnesses } from "../adapters/harnesses.ts";
import { AwakeClock } from "../awake-clock.ts";
import { foundFingerprint, foundHarnesses } from "../adapters/known.ts";
import { api } from "../backend/api.ts";
import { connect } from "../backend/connect.ts";
import { machineCredential } from "../backend/credential.ts";
import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import { openLog } from "../log.ts";
import { systemClock } from "./clock.ts";
import { CommandDesk } from "./command-desk.ts";
import { Crew } from "./crew.ts";
import { effectsOf } from "./effects.ts";
import { HeartbeatFiles } from "./heartbeat-files.ts";
import { acquireLock, DaemonLockHeld } from "./lock.ts";
import type { DaemonLock } from "./lock.ts";
import { Machine } from "./machine.ts";
import { AgentRecords } from "./records.ts";
import { keepOffering } from "./offers.ts";
import { Reports } from "./reports.ts";
import { SpawnPace } from "./spawn-pace.ts";
import { Starts } from "./starts.ts";
import { sayStatus } from "./status.ts";
import { version } from "./version.ts";

export interface DaemonOptions {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  /** Origin of the backend. */
  readonly url: string;
  /** Aborting it drains: agents leave, what people desire stays. Its reason may be the error that broke the daemon. */
  readonly signal: AbortSignal;
  readonly onRegistered?: () => void;
}

/**
 * Runs this machine's daemon until it is asked to end or has lost its machine. A backend that is away is waited for,
 * and agents live on meanwhile. @throws CliError if another daemon has the machine or there is no credential
 */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const lock = await lockOrRefuse(options.home);
  try {
    await serve(options);
  } finally {
    await lock.release();
  }
}

async function serve({ home, env, url, signal, onRegistered }: DaemonOptions): Promise<void> {
  const clock = new AwakeClock(systemClock);
  const log = await openLog(home, "daemon");
  const credential = await machineCredential(home, url);
  if (credential === null) throw notAMachine(url);
  const told = await foundFingerprint({ home, env });
  const harnesses = await foundHarnesses({ home, env });
  const backend = connect({ home, credential });
  const ticking = new AbortController();
  try {
    await sayStatus(home, { url, machineId: null });
    const card = {
      name: hostname(),
      os: `${platform()} ${release()}`,
      harnesses,
      daemonVersion: version,
    };
    const machine = new Machine(backend, card, clock, log);
    await machine.register(signal);
    await sayStatus(home, { url, machineId: machine.id, timing: machine.timing });
    onRegistered?.();

    const records = await AgentRecords.open(home);
    const starts = await Starts.open(home, url, log);
    const reports = new Reports(backend, clock);
    const pace = new SpawnPace(clock);
    const roots = async () => (await readHarnesses(home)).roots;
    const around = { url, home, env, roots, reports, records, starts, pace };
    const effects = effectsOf(around, clock, log);
    const crew = new Crew({ url, effects, records, starts, clock, timing: () => machine.timing });
    const desk = new CommandDesk({
      backend,
      epoch: () => machine.epoch,
      supervisor: (roomId, role) => crew.find(roomId, role),
      log,
    });
    const heartbeatFiles = new HeartbeatFiles({
      fallback: home.root,
      roots,
      epoch: () => machine.epoch,
      report: async (agent, file) => await machine.report(agent, file),
      log,
    });
    const onError = (error: CliError) => log("subscription failed", { message: error.message });
    const stopAgents = backend.watch(
      api.agents.forMachine,
      {},
      ({ items }) => {
        crew.want(items);
        void heartbeatFiles.want(items);
      },
      onError,
    );
    const stopCommands = backend.watch(
      api.commands.forMachine,
      {},
      ({ items }) => desk.receive(items),
      onError,
    );
    const beating = {
      agents: () => crew.beats(machine.nextBeatMs),
      onAnswer: crew.answer.bind(crew),
      onAnswered: () => void heartbeatFiles.look(),
      waking: () => clock.waking,
    };
    void clock.tick(() => machine.nextBeatMs, ticking.signal);
    const stopLooking = keepOffering({ home, env, machine, log, told });
    const lost = await machine.keepBeating(beating, signal);

    const broken = signal.reason instanceof CliError && signal.reason.kind === "unexpected";
    await sayStatus(home, { url, machineId: machine.id, draining: true, broken });
    log("draining", { lost });
    stopLooking();
    stopCommands();
    stopAgents();
    reports.hurry();
    await crew.drain();
    await starts.settled();
    if (lost === null) await machine.disconnect();
    log("ended", {});
  } finally {
    ticking.abort();
    await backend.close();
  }
}

async function lockOrRefuse(home: Home): Promise<DaemonLock> {
  try {
    return await acquireLock(home);
  } catch (error) {
    if (!(error instanceof DaemonLockHeld)) throw error;
    throw new CliError(
      "conflict",
      `This machine already has a daemon: process ${error.holder.pid}.`,
      {
        hint: "End it with `muster machine daemon stop`.",
        cause: error,
      },
    );
  }
}

function notAMachine(url: string): CliError {
  return new CliError("not_signed_in", `This computer is not a machine of ${url} yet.`, {
    hint: "Run `muster up` on it first.",
  });
}
