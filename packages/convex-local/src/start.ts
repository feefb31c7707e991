import { checkAdminKey, keepAdminKey, makeAdminKey } from "./auth/admin-key.ts";
import { type FunctionsBundle, bundleFunctions } from "./bundle/functions-bundle.ts";
import { lacksGenerated } from "./bundle/generated.ts";
import { systemClock, systemRandom } from "./engine/clock.ts";
import type { CallCounts } from "./engine/calls.ts";
import type { Traffic } from "./engine/traffic.ts";
import type { Clock, RandomSource } from "./engine/clock.ts";
import type { Engine } from "./engine/engine.ts";
import type { EngineError } from "./engine/errors.ts";
import { openBundled } from "./engine/open.ts";
import { Guard } from "./http/guard.ts";
import { Listener } from "./http/listener.ts";
import { Deployment } from "./deployment.ts";
import type { LogListener } from "./wire/functions.ts";

export interface StartOptions {
  /** The Convex functions folder, or what `bundleFunctions` made of it. */
  readonly functions: string | FunctionsBundle;
  /** Where the database and the admin key live: a directory (created 0700), or `:memory:` for nothing that lasts. */
  readonly data: string;
  /** The port of clients and page (default 3210; 0 = any free one). */
  readonly port?: number;
  /** The port of http actions (default 3211; 0 = any free one). */
  readonly sitePort?: number;
  /** A directory of files to serve at `/` of the main port, as a single-page app. */
  readonly static?: string;
  /** The address to listen on (default 127.0.0.1). Any other one exposes the deployment to a network. */
  readonly host?: string;
  /** Further host names by which the server may be addressed. */
  readonly allowedHosts?: readonly string[];
  /** Further origins whose pages may use the server, as `http://localhost:5173`. */
  readonly allowedOrigins?: readonly string[];
  readonly instanceName?: string;
  /** `<instanceName>|<secret>`; made once and kept in `data` when absent. */
  readonly adminKey?: string;
  /** Variables that functions see, over those set with `convex env set`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Load the functions again when their folder changes. */
  readonly watch?: boolean;
  /** Wall-clock milliseconds that one query or mutation may take (default 5000). */
  readonly timeout?: number;
  /** The share of mutations (0 to 1) that are run once for nothing first, as Convex does after conflicts. For tests. */
  readonly rerunMutations?: number;
  /**
   * How many threads may run queries beside the one of everything else: one less than this computer has cores and at most 4 unless
   * told otherwise. 0 for none; none either with data in memory, or with a clock or random source of one's own.
   */
  readonly queryWorkers?: number;
  /** Have query workers run all they can, whatever it brings. For tests. */
  readonly forceQueryWorkers?: boolean;
  /** Hide messages and log lines of functions from clients, as production deployments do. */
  readonly redact?: boolean;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly onLog?: LogListener;
  /** The folder does not compile or does not fit its data; the last good functions go on serving. */
  readonly onBroken?: (error: EngineError) => void;
  /** The functions of a changed folder serve from now on; `wasBroken` if the last change before did not load. */
  readonly onReload?: (event: { readonly wasBroken: boolean }) => void;
}

export interface RunningDeployment {
  /** What clients take as their deployment URL. */
  readonly url: string;
  /** Where http actions answer. */
  readonly siteUrl: string;
  readonly adminKey: string;
  /** How often functions have run since the start, as Convex would bill it. */
  calls(): CallCounts;
  /** How much they have read and written since then. */
  traffic(): Traffic;
  /** Finishes what was accepted, tells clients to reconnect, closes the store. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves a Convex functions folder to the official clients. Resolves when it answers. Rejects with PortInUse, EngineError
 * or AdminKeyError; then nothing is left open.
 */
export async function start(options: StartOptions): Promise<RunningDeployment> {
  const { instanceName = "convex-local", onLog = () => {} } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  if (options.adminKey !== undefined) checkAdminKey(options.adminKey);
  const { functions } = options;
  const { folder, bundle } =
    typeof functions === "string" ? await bundleFunctions(functions) : functions;
  const guard = new Guard(options.allowedHosts ?? [], options.allowedOrigins ?? []);
  const { main, site } = await bindBoth(options, guard, onLog);
  guard.open([main.port, site.port]);
  warnOfExposure(options, onLog);
  if (lacksGenerated(folder, bundle.inputs)) {
    onLog(
      `${folder}/_generated is missing. The functions run without it; for your editor and tsc, \`npx convex codegen\` writes it while this serves, with CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY set.`,
    );
  }
  const url = `http://127.0.0.1:${main.port}`;
  const siteUrl = `http://127.0.0.1:${site.port}`;
  let engine: Engine | undefined;
  try {
    const parts = {
      functions: folder,
      data: options.data,
      clock,
      random,
      env: { CONVEX_CLOUD_URL: url, CONVEX_SITE_URL: siteUrl, ...options.env },
      watch: options.watch ?? false,
      rerunMutations: options.rerunMutations ?? 0,
      forceQueryWorkers: options.forceQueryWorkers ?? false,
      onLog,
      ...(options.queryWorkers === undefined ? {} : { queryWorkers: options.queryWorkers }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.onBroken === undefined ? {} : { onBroken: options.onBroken }),
      ...(options.onReload === undefined ? {} : { onReload: options.onReload }),
    };
    engine = await openBundled(parts, bundle);
    // Not before: a directory that is refused stays as it was.
    const adminKey = adminKeyOf(options, instanceName);
    const deployment = new Deployment(engine, {
      ports: { main, site },
      urls: { cloudUrl: url, siteUrl },
      folder,
      adminKey,
      instanceName,
      files: options.static ?? null,
      redact: options.redact ?? false,
      clock,
      random,
      onLog,
    });
    let closing: Promise<void> | undefined;
    const calls = () => deployment.calls;
    const traffic = () => deployment.traffic;
    const close = () => (closing ??= deployment.close());
    return { url, siteUrl, adminKey, calls, traffic, close };
  } catch (cause) {
    await Promise.all([engine?.close(), main.close(), site.close()]);
    throw cause;
  }
}

function warnOfExposure({ host }: StartOptions, onLog: LogListener): void {
  if (host === undefined || host === "::1" || host.startsWith("127.")) return;
  onLog(`listening on ${host}: whoever reaches this computer can call its public functions`);
}

function adminKeyOf({ adminKey, data }: StartOptions, instanceName: string): string {
  if (adminKey !== undefined) return adminKey;
  return data === ":memory:" ? makeAdminKey(instanceName) : keepAdminKey(data, instanceName);
}

async function bindBoth(options: StartOptions, guard: Guard, onLog: LogListener) {
  const { port = 3210, sitePort = 3211, host = "127.0.0.1" } = options;
  const main = await Listener.bind({ port, host }, guard, onLog);
  try {
    return { main, site: await Listener.bind({ port: sitePort, host }, guard, onLog) };
  } catch (cause) {
    await main.close();
    throw cause;
  }
}
