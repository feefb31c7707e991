import type { Command } from "commander";
import { CliError } from "../errors.ts";
import type { Handler, Result, Runs } from "../invocation.ts";
import { refuseAgent } from "../session.ts";
import { openInBrowser } from "../up/browser.ts";
import { stopRequests } from "../up/stop-requests.ts";
import type { RunningHome } from "../up/start-home.ts";
import { portNumber } from "./options.ts";

interface UpOptions {
  readonly port: number;
  readonly sitePort: number;
  readonly data?: string;
  readonly daemon: boolean;
  readonly demo: boolean;
  readonly open?: boolean;
}

const up: Handler<UpOptions> = async (invocation, options) => {
  refuseAgent(invocation);
  const { env, home, progress } = invocation;
  const { port, sitePort, data, daemon, demo } = options;
  const stop = stopRequests();
  const { startHome } = await import("../up/start-home.ts");
  const starting = startHome({ env, home, progress, port, sitePort, data, daemon, demo });
  const running = await Promise.race([starting, forced(stop.forced)]);
  await invocation.announce(ready(running, home.bin, invocation.json));
  if (options.open === true) await openInBrowser(home, running.link);

  await stop.asked;
  progress("Stopping: agents leave, work that was accepted is kept. (Ctrl-C again forces it.)");
  await Promise.race([running.stop(), forced(stop.forced)]);
  if (!invocation.json) progress("Stopped.");
  return null;
};

async function forced(request: Promise<void>): Promise<never> {
  await request;
  throw new CliError("interrupted", "Ended by force. Nothing that was acknowledged is lost.");
}

/** With --json there is no sign-in link: output of programs is kept in logs, and the code opens the door. */
function ready(running: RunningHome, bin: string, json: boolean): Result {
  const { url, siteUrl, data, daemon, owner, machine } = running;
  return {
    data: { url, siteUrl, data, daemon, owner, machine, pid: process.pid },
    summary: `Muster runs at ${url}.`,
    lines: [
      "",
      `Muster runs at ${url} – sign in, once, within ten minutes:`,
      `  ${running.link}`,
      "The commands, in another terminal:",
      `  export PATH="${bin}:$PATH"`,
      "Ctrl-C stops it.",
    ],
    next: json ? ["muster open", "muster status"] : [],
  };
}

export function addUp(program: Command, runs: Runs): void {
  program
    .command("up")
    .description("start backend, dashboard and this machine's daemon, and stay")
    .option("--port <port>", "of dashboard and backend", portNumber, 3210)
    .option("--site-port <port>", "of HTTP actions", portNumber, 3211)
    .option("--data <dir>", "where everything is kept (default: data in $MUSTER_HOME)")
    .option("--no-daemon", "run no agents from here")
    .option("--no-demo", "set up no demo room")
    .option("--open", "open the dashboard in the browser")
    .action(runs(up));
}
