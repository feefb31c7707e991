import { backendUrl } from "../backend/address.ts";
import { asCliError, EXIT } from "../errors.ts";
import { homeOf } from "../home.ts";
import { openLog } from "../log.ts";
import { runDaemon } from "./daemon.ts";
import type { StartNews } from "./start.ts";

/** The daemon as a process of its own. It ends by SIGTERM or SIGINT; that its starter ends means nothing to it. */
const asked = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => asked.abort());
process.on("SIGHUP", () => {});

const home = homeOf(process.env);
const log = await openLog(home, "daemon");
const broken = (error: unknown) => {
  log("broken", {
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  process.exitCode = EXIT.unexpected;
  asked.abort(asCliError(error));
};
process.once("uncaughtException", broken);
process.once("unhandledRejection", broken);

try {
  const url = await backendUrl(process.env, home);
  await runDaemon({
    home,
    env: process.env,
    url,
    signal: asked.signal,
    onRegistered: () => tell({ kind: "registered" }),
  });
} catch (error) {
  const { kind, message, hint, exit } = asCliError(error);
  log("failed", { kind, message });
  tell({ kind: "failed", error: kind, reason: message, ...(hint === undefined ? {} : { hint }) });
  process.exitCode = exit;
}
process.exit();

function tell(news: StartNews): void {
  if (process.connected) process.send?.(news);
}
