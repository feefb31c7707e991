import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { CliError } from "../errors.ts";
import type { Handler, Runs } from "../invocation.ts";
import { refuseAgent } from "../session.ts";
import { isGone } from "../process-identity.ts";
import { runningUp } from "../up/current.ts";

/** Longer than draining may take. */
const PATIENCE_MS = 60_000;

const down: Handler<object> = async (invocation) => {
  refuseAgent(invocation);
  const running = await runningUp(invocation.home);
  if (running === null) return { data: { stopped: false }, summary: "Muster does not run." };
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
  return { data: { stopped: true, pid: running.pid }, summary: "Stopped." };
};

export function addDown(program: Command, runs: Runs): void {
  program
    .command("down")
    .description("stop what `muster up` started, as its Ctrl-C would")
    .action(runs(down));
}
