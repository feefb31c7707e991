import { Callers } from "./auth/caller.ts";
import { TokenVerifier } from "./auth/token.ts";
import type { CallCounts } from "./engine/calls.ts";
import type { Traffic } from "./engine/traffic.ts";
import type { Clock, RandomSource } from "./engine/clock.ts";
import type { Engine } from "./engine/engine.ts";
import { Api } from "./http/api.ts";
import { DeploymentRoutes } from "./http/deployment.ts";
import { FunctionRoutes } from "./http/functions.ts";
import { refuseUpgrade } from "./http/listener.ts";
import type { Port } from "./http/listener.ts";
import { Site } from "./http/site.ts";
import { StorageRoutes } from "./http/storage.ts";
import { StaticFiles } from "./http/static.ts";
import { Crons } from "./scheduler/crons.ts";
import { Jobs } from "./scheduler/jobs.ts";
import { SyncHub } from "./sync/hub.ts";
import type { SyncLine } from "./sync/hub.ts";
import type { Socket } from "./sync/outbox.ts";
import { FunctionLog } from "./wire/function-log.ts";
import { VERSION } from "./version.ts";
import { Functions } from "./wire/functions.ts";
import type { LogListener } from "./wire/functions.ts";
import { waitAtMost } from "./wire/patience.ts";
import { SystemQueries } from "./wire/system-queries.ts";

/** How long requests and jobs may take to end when the deployment closes. */
const PATIENCE_MS = 5_000;
const PRUNE_EVERY_MS = 3_600_000;

export interface DeploymentParts {
  readonly ports: { readonly main: Port; readonly site: Port };
  readonly urls: { readonly cloudUrl: string; readonly siteUrl: string };
  /** The functions folder. */
  readonly folder: string;
  readonly adminKey: string;
  readonly instanceName: string;
  /** The directory of the app's page. */
  readonly files: string | null;
  readonly redact: boolean;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly onLog: LogListener;
}

/** An engine with everything that reaches it: both ports, the sync hub, the scheduler and the crons. */
export class Deployment {
  readonly #engine: Engine;
  readonly #parts: DeploymentParts;
  readonly #hub: SyncHub;
  readonly #jobs: Jobs;
  readonly #crons: Crons;
  readonly #log: FunctionLog;
  #cancelPrune: () => void = () => {};

  constructor(engine: Engine, parts: DeploymentParts) {
    const { ports, urls, clock, onLog } = parts;
    const functions = new Functions(engine, new SystemQueries(engine, urls), parts);
    this.#log = new FunctionLog(clock, onLog);
    engine.onRun((run) => this.#log.add(run));
    const tokens = new TokenVerifier(
      () => engine.authProviders(),
      () => clock.now(),
    );
    const callers = new Callers(tokens, parts.adminKey);
    const site = new Site(engine, callers, urls.siteUrl);
    const api = new Api({
      functions: new FunctionRoutes(functions, callers),
      deployment: new DeploymentRoutes(callers, engine.environment, {
        folder: parts.folder,
        urls,
        log: this.#log,
      }),
      storage: new StorageRoutes(engine.files),
      site,
      files: parts.files === null ? null : new StaticFiles(parts.files, urls.siteUrl),
      publicKeys: () => engine.publicKeys(),
      instanceName: parts.instanceName,
      version: VERSION,
      port: ports.main.port,
    });
    this.#engine = engine;
    this.#parts = parts;
    this.#hub = new SyncHub(engine, { functions, callers, clock, onLog });
    this.#jobs = new Jobs(engine.system, clock, onLog);
    this.#crons = new Crons(engine, parts);
    this.#prune();
    ports.site.serve({
      request: async (request, response) => site.answer(request, response, request.url ?? "/"),
    });
    ports.main.serve({
      request: async (request, response) => api.answer(request, response),
      upgrade: (request, stream, head) => {
        const [path = ""] = (request.url ?? "").split("?");
        if (!SyncHub.isSyncPath(path)) refuseUpgrade(stream, "404 Not Found", "");
        else if (this.#hub.isFull) refuseUpgrade(stream, "503 Service Unavailable", "Full.");
        else this.#hub.upgrade(request, stream, head);
      },
    });
  }

  get calls(): CallCounts {
    return this.#engine.calls.counts();
  }

  get traffic(): Traffic {
    return this.#engine.traffic.total();
  }

  /** Finishes what was accepted, then closes the store. What has not ended after some seconds is cut off. */
  async close(): Promise<void> {
    const { main, site } = this.#parts.ports;
    main.serve(null);
    site.serve(null);
    this.#cancelPrune();
    this.#log.end();
    const closed = Promise.all([main.close(), site.close()]);
    const work = [this.#jobs.stop(), this.#crons.stop(), this.#hub.drain(), closed];
    await waitAtMost(PATIENCE_MS, this.#parts.clock, Promise.all(work));
    this.#hub.terminate();
    main.terminate();
    site.terminate();
    await closed;
    await this.#engine.close();
  }

  /** Begins a sync session on a socket that is open. One too many is sent away. */
  accept(socket: Socket): SyncLine {
    if (!this.#hub.isFull) return this.#hub.accept(socket);
    socket.close(1013, "TooManyConcurrentRequests");
    return { receive: () => {}, heard: () => {}, closed: () => {} };
  }

  /** Ends as the death of the process would: nothing is finished, nobody is answered. */
  abandon(): void {
    const { main, site } = this.#parts.ports;
    this.#cancelPrune();
    this.#jobs.abandon();
    this.#crons.abandon();
    this.#engine.abandon();
    this.#hub.abandon();
    main.terminate();
    site.terminate();
  }

  /** Answers to old mutations and finished jobs are forgotten, first at start, then every hour. */
  #prune(): void {
    const { clock, onLog } = this.#parts;
    this.#engine.system
      .prune(clock.now())
      .catch((cause: unknown) => onLog(`pruning failed: ${String(cause)}`));
    this.#cancelPrune = clock.after(PRUNE_EVERY_MS, () => this.#prune());
  }
}
