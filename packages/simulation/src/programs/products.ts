// The one place where the simulation loads the products: behind the hooks, so that they get the simulated computer.
import "../hooks.ts";
import type { api as Api } from "../../../cli/src/backend/api.ts";

export const { runAgent } = await import("../../../cli/src/agent-run/agent-run.ts");
export const { daemonOf } = await import("../../../cli/src/agent-run/daemon-channel.ts");
export const { runDaemon } = await import("../../../cli/src/daemon/daemon.ts");
export const { run: runMuster } = await import("../../../cli/src/run.ts");
export const { homeOf } = await import("../../../cli/src/home.ts");
export const { connect } = await import("../../../cli/src/backend/connect.ts");
export const { personCredential } = await import("../../../cli/src/backend/credential.ts");
// Named, because what is inferred for it would name modules of the backend, which nobody may import.
export const api: typeof Api = (await import("../../../cli/src/backend/api.ts")).api;
export const { CliError, asCliError, EXIT } = await import("../../../cli/src/errors.ts");
export const { openLog } = await import("../../../cli/src/log.ts");
export const { process: systemProcess } = await import("../system/globals.ts");
