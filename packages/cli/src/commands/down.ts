import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { CliError } from "../errors.ts";
import type { Handler, Result, Runs } from "../invocation.ts";
import type { Home } from "../home.ts";
import { refuseAgent } from "../session.ts";
import { isGone } from "../process-identity.ts";
import { runningUp } from "../up/current.ts";

/** Longer than draining may take. */
const PATIENCE_MS = 60_000;

const down: Handler<object> = async (invocation) => {
  refuseAgent(invocation);
  const running = await runningUp(invocation.home);
  if (running === null)
    return await said(invocation.home, { stopped: false }, "Muster does not run.");
  process.kill(running.pid, "SIGTERM");
  const end = Date.now() + PATIENCE_MS;
  while (!(await isGone(running))) {
    if (Date.now() > end) {
      throw new CliError("conflict", `Process ${running.pid} has not ended after a minute.`, {
        hint: `It may be forced, and nothing acknowledged is lost: kill -9 ${running.pid}`,
      });
    }
    await sleep(50);
  }
  return await said(invocation.home, { stopped: true, pid: running.pid }, "Stopped.");
};

/** A daemon that people started by themselves outlives Muster, and its agents with it. */
async function said(home: Home, data: object, summary: string): Promise<Result> {
  const { daemonStatus } = await import("../daemon/index.ts");
  const daemon = await daemonStatus(home);
  if (daemon === null) return { data, summary };
  return {
    data: { ...data, daemonPid: daemon.pid },
    summary: `${summary} The daemon (process ${daemon.pid}) goes on, with its agents.`,
    next: ["muster machine daemon stop"],
  };
}

export function addDown(program: Command, runs: Runs): void {
  program
    .command("down")
    .description("stop what `muster up` started, as its Ctrl-C would")
    .action(runs(down));
}
