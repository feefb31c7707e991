import { parseArgs } from "node:util";
import { backendUrl } from "../backend/address.ts";
import { asCliError, EXIT } from "../errors.ts";
import { homeOf } from "../home.ts";
import { runAgent } from "./agent-run.ts";
import { daemonOf } from "./daemon-channel.ts";

/** One driven agent as a process: its daemon starts it with MUSTER_ROOM, MUSTER_ROLE and a seat file. */
const { values } = parseArgs({
  options: { harness: { type: "string" }, model: { type: "string" } },
});
const asked = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => asked.abort());
}
const broken = (error: unknown): void => {
  // Whatever breaks once it ends already can only make the end quicker.
  if (asked.signal.aborted) process.exit(EXIT.unexpected);
  asked.abort(asCliError(error));
};
process.on("uncaughtException", broken);
process.on("unhandledRejection", broken);
// The daemon that reads the output may be gone; that is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const home = homeOf(process.env);
const { NODE_COMPILE_CACHE: _ours, ...inherited } = process.env;
const environment = Object.fromEntries(
  Object.entries(inherited).filter((entry): entry is [string, string] => entry[1] !== undefined),
);
const code = await runAgent({
  home,
  url: await backendUrl(process.env, home),
  room: process.env["MUSTER_ROOM"] ?? "",
  role: process.env["MUSTER_ROLE"] ?? "",
  harness: values.harness ?? "",
  model: values.model ?? null,
  workingDir: process.cwd(),
  environment,
  daemon: daemonOf(process),
  signal: asked.signal,
  say: (line) => process.stderr.write(`${line}\n`),
}).catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT.unexpected;
});
process.exit(code);
