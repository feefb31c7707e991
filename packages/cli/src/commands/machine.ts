import type { Command } from "commander";
import { backendUrl } from "../backend/address.ts";
import type { Handler, Runs } from "../invocation.ts";
import { refuseAgent } from "../session.ts";
import { abortWhenAsked } from "../signals.ts";
import { addMachineHarness } from "./machine-harness.ts";
import { addMachineList } from "./machine-list.ts";

/** Loaded only when asked for: every other command is quicker without it. */
const loadDaemon = async (): Promise<typeof import("../daemon/index.ts")> =>
  await import("../daemon/index.ts");

const start: Handler<{ foreground?: boolean }> = async (invocation, options) => {
  refuseAgent(invocation);
  const { home, env } = invocation;
  const url = await backendUrl(env, home);
  const { daemonStatus, runDaemon, startDaemon } = await loadDaemon();
  if (options.foreground === true) {
    await runDaemon({ home, env, url, signal: abortWhenAsked() });
    return { data: { stopped: true }, summary: "The daemon has stopped." };
  }
  const before = await daemonStatus(home);
  const daemon =
    before ??
    (await startDaemon({ home, env, url }).catch(async (error: unknown) => {
      // `muster up` may have been quicker: it starts its own again.
      const other = await daemonStatus(home);
      if (other === null) throw error;
      return other;
    }));
  return {
    data: { ...daemon, started: before === null },
    summary:
      before === null
        ? `The daemon runs (process ${daemon.pid}).`
        : `The daemon runs already (process ${daemon.pid}).`,
    next: ["muster machine daemon status"],
  };
};

const stop: Handler<object> = async (invocation) => {
  refuseAgent(invocation);
  const { stopDaemon } = await loadDaemon();
  const stopped = await stopDaemon(invocation.home);
  return {
    data: { stopped },
    summary: stopped ? "The daemon has stopped; its agents left." : "The daemon does not run.",
  };
};

const status: Handler<object> = async (invocation) => {
  const { daemonStatus } = await loadDaemon();
  const daemon = await daemonStatus(invocation.home);
  return {
    data: { running: daemon !== null, ...daemon },
    summary:
      daemon === null ? "The daemon does not run." : `The daemon runs (process ${daemon.pid}).`,
    next: daemon === null ? ["muster machine daemon start"] : [],
  };
};

export function addMachine(program: Command, runs: Runs): void {
  const machine = program.command("machine").description("this computer, which runs agents");
  addDaemon(machine, runs);
  addMachineList(machine, runs);
  addMachineHarness(machine, runs);
}

export function addDaemon(parent: Command, runs: Runs): void {
  const daemon = parent.command("daemon").description("what starts, watches and restarts agents");
  daemon
    .command("start")
    .description("start it, unless it runs already")
    .option("--foreground", "stay in this terminal")
    .action(runs(start));
  daemon.command("stop").description("stop it; its agents leave").action(runs(stop));
  daemon.command("status").description("whether it runs").action(runs(status));
}
