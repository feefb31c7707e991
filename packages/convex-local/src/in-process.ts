import { checkAdminKey } from "./auth/admin-key.ts";
import type { FunctionsBundle } from "./bundle/functions-bundle.ts";
import { Deployment } from "./deployment.ts";
import type { CallCounts } from "./engine/calls.ts";
import type { Clock, RandomSource } from "./engine/clock.ts";
import type { Change, Engine } from "./engine/engine.ts";
import { Lifetime } from "./engine/lifetime.ts";
import { openBundled } from "./engine/open.ts";
import { Guard } from "./http/guard.ts";
import { InProcessPort } from "./http/in-process.ts";
import type { PlainRequest, PlainResponse } from "./http/in-process.ts";
import type { Mount, MemoryDisk } from "./storage/memory-disk.ts";
import type { SyncLine } from "./sync/hub.ts";
import type { Socket } from "./sync/outbox.ts";
import { SimulatedCrypto } from "./simulation/crypto.ts";
import { simulatedGlobals } from "./simulation/globals.ts";
import type { LogListener } from "./wire/functions.ts";

export { bundleFunctions } from "./bundle/functions-bundle.ts";
export type { FunctionsBundle } from "./bundle/functions-bundle.ts";
export { seededRandom } from "./simulation/random.ts";
export { SimulatedCrypto } from "./simulation/crypto.ts";
export { MemoryDisk } from "./storage/memory-disk.ts";
export type { DiskFault, DiskOperation } from "./storage/memory-disk.ts";
export type { Clock, RandomSource } from "./engine/clock.ts";
export type { Change, Engine, FunctionCall, Identity, Outcome } from "./engine/engine.ts";
export type { PlainRequest, PlainResponse } from "./http/in-process.ts";
export type { SyncLine } from "./sync/hub.ts";
export type { Socket } from "./sync/outbox.ts";

const PORT = 3210;
const SITE_PORT = 3211;
const ADMIN_KEY = `in-process|${"0".repeat(64)}`;

export interface InProcessOptions {
  readonly functions: FunctionsBundle;
  /** Outlives the deployment; one deployment at a time uses it. */
  readonly disk: MemoryDisk;
  /** Has to have `soon`. Everything that the deployment does is done from one of its calls, or from one of the caller's. */
  readonly clock: Clock & Required<Pick<Clock, "soon">>;
  readonly random: RandomSource;
  /** Variables that functions see, over those set with `convex env set`. */
  readonly env?: Readonly<Record<string, string>>;
  /** See StartOptions. */
  readonly rerunMutations?: number;
  readonly redact?: boolean;
  /**
   * What actions use as `crypto`; one of `random` when absent. Tokens are verified with `globalThis.crypto`: `install` it there if
   * the order in which that ends matters.
   */
  readonly crypto?: SimulatedCrypto;
  /** What actions use as `fetch`; without it they have no network. */
  readonly fetch?: typeof globalThis.fetch;
  /** `<name>|<secret>`; a known one when absent. */
  readonly adminKey?: string;
  readonly onLog?: LogListener;
  /** A fault of the disk has ended the deployment, as `crash` does. If it was still being opened, that rejects too. */
  readonly onCrash?: () => void;
}

export interface InProcessDeployment {
  /** Where it claims to be: `http://127.0.0.1:3210`. Requests need this host, or that of `siteUrl`. */
  readonly url: string;
  readonly siteUrl: string;
  readonly adminKey: string;
  /** For reading what no client may: queries and mutations as anybody, jobs, every commit. */
  readonly engine: Engine;
  /**
   * Answers what the ports would, by the URL's port. Resolves when the whole response is there; rejects with a TypeError when the
   * deployment crashes or is closed before.
   */
  fetch(request: Request): Promise<Response>;
  /** As `fetch`, in plain values, for who asks very often: a web request and its response cost more than many a function. */
  ask(request: PlainRequest): Promise<PlainResponse>;
  /** Begins a sync session, as a WebSocket on `/api/sync` would. A crash terminates the socket, and so does a dead deployment. */
  accept(socket: Socket): SyncLine;
  calls(): CallCounts;
  /** Calls the listener after each durable commit, in commit order, before anybody is answered. Answers the unsubscription. */
  onCommit(listener: (ts: bigint, changes: readonly Change[]) => void): () => void;
  /** Every document of a table, oldest first, as Convex JSON text, at the last commit. */
  documents(table: string): readonly string[];
  /** Finishes what was accepted. Idempotent. */
  close(): Promise<void>;
  /**
   * Dies at once: no timer fires, nobody is answered, no promise of it settles but those of `fetch` and `ask`. What was committed stays on
   * the disk, which another deployment may use from now on. Idempotent.
   */
  crash(): void;
}

/**
 * A whole deployment (functions, HTTP, sync protocol, scheduler, crons, actions) within this process, with neither ports nor timers
 * of its own, on a disk in memory. Rejects with EngineError; when the disk fails or ends it meanwhile, with the disk's error.
 */
export async function openDeployment(options: InProcessOptions): Promise<InProcessDeployment> {
  const { functions, disk, random } = options;
  const adminKey = checkAdminKey(options.adminKey ?? ADMIN_KEY);
  const lifetime = new Lifetime(options.clock);
  const onLog = lifetime.during(options.onLog ?? (() => {}));
  const mount = disk.mount(() => {
    crash();
    options.onCrash?.();
  });
  let ending: { abandon(): void } | undefined;
  const crash = () => {
    lifetime.end();
    ending?.abandon();
    mount.cut();
  };
  try {
    const engine = await lifetime.outlived(openEngine(options, mount, lifetime));
    ending = engine;
    const guard = new Guard([], []);
    guard.open([PORT, SITE_PORT]);
    const main = new InProcessPort(PORT, guard, onLog);
    const site = new InProcessPort(SITE_PORT, guard, onLog);
    const running = new Deployment(engine, {
      ports: { main, site },
      urls: { cloudUrl: URLS.url, siteUrl: URLS.siteUrl },
      folder: functions.folder,
      adminKey,
      instanceName: "in-process",
      files: null,
      redact: options.redact ?? false,
      clock: lifetime,
      random,
      onLog,
    });
    ending = running;
    if (lifetime.isOver) throw new Error("Its disk ended it.");
    let closing: Promise<void> | undefined;
    const portOf = (url: string) => (new URL(url).port === String(SITE_PORT) ? site : main);
    return {
      ...URLS,
      adminKey,
      engine,
      fetch: (request) => portOf(request.url).fetch(request),
      ask: (request) => portOf(request.url).ask(request),
      accept: (socket) => {
        const line = running.accept(socket);
        if (lifetime.isOver) options.clock.soon(() => socket.terminate());
        return line;
      },
      calls: () => running.calls,
      onCommit: (listener) =>
        engine.onCommit((commit) =>
          listener(
            commit.ts,
            disk.observe(() => engine.changesOf(commit)),
          ),
        ),
      documents: (table) => disk.observe(() => engine.documents(table)),
      close: () => (closing ??= lifetime.outlived(running.close()).finally(() => lifetime.end())),
      crash,
    };
  } catch (cause) {
    const hasCrashed = lifetime.isOver;
    crash();
    throw hasCrashed ? new Error("The deployment crashed while it opened.", { cause }) : cause;
  }
}

const URLS = {
  url: `http://127.0.0.1:${PORT}`,
  siteUrl: `http://127.0.0.1:${SITE_PORT}`,
} as const;

function openEngine(options: InProcessOptions, mount: Mount, clock: Lifetime): Promise<Engine> {
  const { functions, random, fetch = noNetwork, env = {} } = options;
  const crypto = options.crypto ?? new SimulatedCrypto(random);
  const mortalFetch: typeof fetch = (...given) => clock.mortal(fetch(...given));
  const engine = {
    functions: functions.folder,
    data: ":memory:",
    openDriver: () => mount.driver,
    bytes: mount.files,
    clock,
    random,
    env: { CONVEX_CLOUD_URL: URLS.url, CONVEX_SITE_URL: URLS.siteUrl, ...env },
    rerunMutations: options.rerunMutations ?? 0,
    timeout: Infinity,
    globals: simulatedGlobals({ clock, random, crypto, fetch: mortalFetch }),
  };
  return openBundled(engine, functions.bundle);
}

async function noNetwork(): Promise<never> {
  throw new TypeError("fetch failed", { cause: new Error("This deployment has no network.") });
}
