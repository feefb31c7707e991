import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Current } from "../backend/address.ts";
import { environmentOf } from "../daemon/marker.ts";
import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import { isSameProcess } from "../process-identity.ts";
import type { ProcessIdentity } from "../process-identity.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** SIGKILL for exactly this process. @throws CliError `conflict` if it is gone */
export async function killProcess(identity: ProcessIdentity, what: string): Promise<void> {
  if (!(await isSameProcess(identity))) {
    throw new CliError("conflict", `${what} (process ${identity.pid}) has ended by itself.`);
  }
  process.kill(identity.pid, "SIGKILL");
}

/** The environment in which a process was started, so that another one can be started like it. */
export async function environmentLike(pid: number): Promise<NodeJS.ProcessEnv> {
  const entries = (await environmentOf(pid)).map((entry) => {
    const end = entry.indexOf("=");
    return [entry.slice(0, end), entry.slice(end + 1)] as const;
  });
  return entries.length === 0 ? process.env : Object.fromEntries(entries);
}

/** A process that systemd has started is started again by it. */
export function isService(env: NodeJS.ProcessEnv): boolean {
  return env["INVOCATION_ID"] !== undefined && env["INVOCATION_ID"] !== "";
}

/** Starts the killed `muster up` again, on its data and ports, in the background; its words go to a log. */
export function startUpAgain(home: Home, current: Current, env: NodeJS.ProcessEnv): void {
  const [port, sitePort] = [current.url, current.siteUrl].map((url) => new URL(url).port);
  const where = ["--port", port ?? "", "--site-port", sitePort ?? "", "--data", current.data];
  const daemon = current.daemonPid === undefined ? ["--no-daemon"] : [];
  // With --json it prints no sign-in link, which must not be kept.
  const args = [MAIN, "up", ...where, "--no-demo", ...daemon, "--json"];
  const log = openSync(join(home.logs, "drill.log"), "w", 0o600);
  const child = spawn(process.execPath, args, {
    env,
    detached: true,
    shell: false,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.on("error", () => undefined);
  child.unref();
}
