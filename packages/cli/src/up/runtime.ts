import { fileURLToPath } from "node:url";
import { EngineError, PortInUse, start, type RunningDeployment } from "convex-local";
import { CliError } from "../errors.ts";
import { redact } from "../daemon/redact.ts";
import type { Log } from "../log.ts";
import { backendLine } from "./backend-line.ts";
import type { DeploymentKeys } from "./keys.ts";
import { freePortFrom, holderOfPort } from "./port-holder.ts";

const functions = fileURLToPath(new URL("../../../../services/backend/convex", import.meta.url));
const dashboard = fileURLToPath(new URL("../../../../apps/webapp/dist", import.meta.url));

/** What a caller sends may be megabytes long; its refusal is told in so many characters. */
const LONGEST_LINE = 4_000;

export interface RuntimeOptions {
  readonly data: string;
  readonly port: number;
  readonly sitePort: number;
  readonly keys: DeploymentKeys;
  /** Variables of the deployment beside the keys. */
  readonly variables: Readonly<Record<string, string>>;
  readonly log: Log;
  /** Functions that do not compile: told where, while the last good ones go on serving. And when they do again. */
  readonly onBroken: (sentence: string) => void;
}

/** Serves the backend and the dashboard from this process. @throws CliError that says who is in the way, or where */
export async function startRuntime(options: RuntimeOptions): Promise<RunningDeployment> {
  const { data, port, sitePort, keys, variables, log } = options;
  try {
    return await start({
      functions,
      data,
      port,
      sitePort,
      static: dashboard,
      instanceName: "muster",
      env: { ...keys, ...variables },
      watch: true,
      // A refused argument is quoted by the refusal, and it may be a secret.
      onLog: (line) => log(...backendLine(redact(line.slice(0, LONGEST_LINE)))),
      onReload: ({ wasBroken }) =>
        wasBroken && options.onBroken("The functions fit again and serve."),
      onBroken: (error) => {
        log("functions_broken", { message: error.message, place: error.place });
        options.onBroken(brokenSentence(error));
      },
    });
  } catch (error) {
    if (error instanceof PortInUse) throw await portInUse(error, port, sitePort);
    if (error instanceof EngineError) throw refused(error);
    throw error;
  }
}

/** The message names the place. */
function brokenSentence(error: EngineError): string {
  const why = error.message.replace(/\.?$/, ".");
  return `The functions do not fit: ${why} The last good ones go on serving.`;
}

async function portInUse(error: PortInUse, port: number, sitePort: number): Promise<CliError> {
  const holder = await holderOfPort(error.port);
  const who = holder === null ? "another program" : `${holder.program} (process ${holder.pid})`;
  const free = await freePortFrom(port, sitePort);
  const freeSite = await freePortFrom(sitePort, free);
  return new CliError("conflict", `Port ${error.port} is in use by ${who}.`, {
    hint: `Stop it, or use another one: muster up --port ${free} --site-port ${freeSite}`,
    cause: error,
  });
}

function refused(error: EngineError): CliError {
  if (error.kind === "data_held") {
    const pid = error.pid === undefined ? "" : ` (process ${error.pid})`;
    return new CliError("conflict", `Muster already runs on this data${pid}.`, {
      hint: "See it with `muster status`, or end it with `muster down`.",
      cause: error,
    });
  }
  const hints: Partial<Record<typeof error.kind, string>> = {
    database_newer: "Use the newer muster that wrote it, or another directory with --data.",
    database_unreadable: "Put a backup in its place, or use another directory with --data.",
  };
  const place = error.place === undefined ? "" : ` (${error.place})`;
  return new CliError(error.kind, `${error.message}${place}`, {
    hint: hints[error.kind],
    cause: error,
  });
}
