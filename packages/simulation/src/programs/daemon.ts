import type { Process } from "../machine/process.ts";
import { asCliError, homeOf, openLog, runDaemon } from "./products.ts";

/** What `daemon/main.ts` is, for a simulated process. */
export async function daemon(process: Process): Promise<number> {
  const asked = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"]) process.events.once(signal, () => asked.abort());
  process.events.on("SIGHUP", () => {});
  const { env } = process.start;
  const home = homeOf(env);
  const log = await openLog(home, "daemon");
  try {
    await runDaemon({ home, env, url: env["MUSTER_URL"] ?? "", signal: asked.signal });
    return 0;
  } catch (error) {
    const { kind, message, exit } = asCliError(error);
    log("failed", { kind, message });
    return exit;
  }
}
