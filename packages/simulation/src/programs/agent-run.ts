import type { Process } from "../machine/process.ts";
import { daemonOf, EXIT, homeOf, runAgent, systemProcess } from "./products.ts";

/** What `agent-run/main.ts` is, for a simulated process. */
export async function agentRun(process: Process): Promise<number> {
  const asked = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    process.events.on(signal, () => asked.abort());
  }
  const { env } = process.start;
  const option = (name: string) =>
    process.start.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const say = (line: string) => {
    process.world.note(process.title, `says ${line}`);
    process.output.emit("stderr", `${line}\n`);
  };
  return await runAgent({
    home: homeOf(env),
    url: env["MUSTER_URL"] ?? "",
    room: env["MUSTER_ROOM"] ?? "",
    role: env["MUSTER_ROLE"] ?? "",
    harness: option("harness") ?? "",
    model: option("model") ?? null,
    workingDir: env["MUSTER_HOME"] ?? "/",
    environment: env,
    daemon: daemonOf(systemProcess as never),
    signal: asked.signal,
    say,
  }).catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.unexpected;
  });
}
