import { fileURLToPath } from "node:url";
import type { Change, InProcessDeployment } from "convex-local/in-process";
import { bundleFunctions, MemoryDisk, openDeployment } from "convex-local/in-process";
import { sourceOf } from "../bugs/bug.ts";
import { Freezer } from "../kernel/freezer.ts";
import { BEGINNING } from "../kernel/world.ts";
import type { World } from "../kernel/world.ts";
import { steadyCrypto } from "./steady-crypto.ts";
import { deploymentKeys } from "./keys.ts";
import type { HttpReply, HttpRequest, Server, ServerEnd, ServerLine } from "./server.ts";

const FUNCTIONS = fileURLToPath(new URL("../../../../services/backend/convex", import.meta.url));

steadyCrypto();
const functions = await bundleFunctions(FUNCTIONS, sourceOf);
const keys = deploymentKeys();

type Watcher = (changes: readonly Change[]) => void;

/** The backend's process: the real functions on the real engine. It can die, freeze and lie about the time. */
export class Backend implements Server {
  readonly disk = new MemoryDisk();
  readonly #world: World;
  readonly #timing: string;
  readonly #random;
  readonly #watchers: Watcher[] = [];
  readonly #starts: (() => void)[] = [];
  readonly #observers: ((request: HttpRequest, reply: HttpReply) => void)[] = [];
  #deployment: InProcessDeployment | null = null;
  readonly #freezer: Freezer;
  #pauseAfterDeath: number | null = null;
  #isStarting = false;
  #skipsCron = false;
  /** When it was away last, by its clock, and when in truth it was back. */
  lastAway: { readonly from: number; readonly to: number; readonly at: number } | null = null;
  #awaySince: number | null = null;
  /** Requests that are being answered. */
  running = 0;
  requests = 0;
  /** How far its clock is ahead of the truth. */
  offset = 0;
  /** How far its clock was set back, all in all: that much later it may see what is due. */
  setBack = 0;

  constructor(world: World, timing: string) {
    this.#world = world;
    this.#timing = timing;
    this.#freezer = new Freezer(world.agenda);
    this.#random = world.random.fork("backend");
  }

  get isUp(): boolean {
    return this.#deployment !== null;
  }

  get isFrozen(): boolean {
    return this.#freezer.isFrozen;
  }

  /** What its clock says: ms since the epoch. */
  get wallTime(): number {
    return Math.floor(BEGINNING + this.#world.now + this.offset);
  }

  /** @throws while it is down */
  get deployment(): InProcessDeployment {
    if (this.#deployment === null) throw new Error("The backend is down.");
    return this.#deployment;
  }

  /** Rejects when its disk fails meanwhile. */
  async start(): Promise<void> {
    this.#world.note("backend", "starts");
    const deployment = await openDeployment({
      functions,
      disk: this.disk,
      clock: {
        now: () => this.wallTime,
        after: (delay, run) => this.#freezer.after(delay, run),
        soon: (run) => void this.#freezer.after(0, run),
      },
      random: { bytes: (length) => this.#random.bytes(length) },
      env: { ...keys, MUSTER_TIMING: this.#timing },
      onLog: (line) => this.#world.note("backend", `log ${firstLine(line)}`),
      onCrash: () => this.#died(),
    });
    deployment.onCommit((_ts, changes) => {
      for (const watch of this.#watchers) watch(changes);
    });
    this.#deployment = deployment;
    this.#letSkipCrons(deployment);
    for (const listen of this.#starts) listen();
    this.#isBack();
    this.#world.note("backend", "is up");
  }

  /** A cron that is due next does not run, and is due again only at its next time. */
  skipCron(): void {
    this.#skipsCron = true;
  }

  #letSkipCrons({ engine }: InProcessDeployment): void {
    const { system } = engine;
    const run = system.runCron.bind(system);
    system.runCron = async (cron, next) => {
      if (!this.#skipsCron) return await run(cron, next);
      this.#skipsCron = false;
      this.#world.fault("cron skipped", "backend", cron.name);
      await system.saveCronStates(new Map([[cron.name, next]]));
      return { success: true, value: null, logLines: [] };
    };
  }

  onCommit(watch: Watcher): void {
    this.#watchers.push(watch);
  }

  onStart(listen: () => void): void {
    this.#starts.push(listen);
  }

  /** Calls `observe` with each request that was answered. */
  onReply(observe: (request: HttpRequest, reply: HttpReply) => void): void {
    this.#observers.push(observe);
  }

  /** Dies at once. */
  crash(): void {
    const deployment = this.#deployment;
    if (deployment === null) return;
    this.#died();
    deployment.crash();
  }

  restartAfter(ms: number): void {
    this.#world.agenda.after(ms, () => this.#restart());
  }

  /** A fault of its disk is about to end it. */
  restartWhenDeadAfter(ms: number): void {
    this.#pauseAfterDeath = ms;
  }

  #restart(): void {
    if (this.isUp || this.#isStarting) return;
    this.#isStarting = true;
    this.start()
      .catch((error: unknown) => {
        this.#world.note("backend", `does not start: ${String(error)}`);
        this.restartAfter(2_000);
      })
      .finally(() => (this.#isStarting = false));
  }

  /** Nothing is wrong with it any more. */
  mend(): void {
    this.disk.faults = null;
    this.thaw();
    this.#restart();
  }

  /** What the scheduler and the crons do, once more. Never rejects. */
  async runInternal(path: string, args: object): Promise<void> {
    const call = {
      path,
      args: args as never,
      identity: { kind: "admin" },
      caller: "internal",
    } as const;
    await this.#deployment?.engine.mutation(call).catch(() => undefined);
  }

  #died(): void {
    if (this.#deployment === null) return;
    this.#deployment = null;
    this.#freezer.empty();
    this.#awaySince ??= this.wallTime;
    this.#world.note("backend", "dies");
    if (this.#pauseAfterDeath !== null) this.restartAfter(this.#pauseAfterDeath);
    this.#pauseAfterDeath = null;
  }

  freeze(): void {
    if (!this.isUp) return;
    this.#freezer.freeze();
    this.#awaySince ??= this.wallTime;
  }

  thaw(): void {
    if (this.isUp) this.#isBack();
    this.#freezer.thaw();
  }

  #isBack(): void {
    if (this.#awaySince === null) return;
    this.lastAway = { from: this.#awaySince, to: this.wallTime, at: this.#world.now };
    this.#awaySince = null;
  }

  async answer(request: HttpRequest): Promise<HttpReply | null> {
    const { promise, resolve } = Promise.withResolvers<HttpReply | null>();
    this.#freezer.act(() => {
      void this.#answer(request).then(resolve);
    });
    return await promise;
  }

  async #answer(request: HttpRequest): Promise<HttpReply | null> {
    const deployment = this.#deployment;
    if (deployment === null) return null;
    const { method, path, headers, body } = request;
    this.running += 1;
    this.requests += 1;
    try {
      const response = await deployment.ask({
        method,
        url: `${deployment.url}${path}`,
        headers: Object.entries(headers),
        body: method === "GET" ? null : Buffer.from(body),
      });
      const reply = { status: response.status, body: response.body.toString() };
      if (this.#deployment !== deployment) return null;
      for (const observe of this.#observers) observe(request, reply);
      return reply;
    } catch {
      return null;
    } finally {
      this.running -= 1;
    }
  }

  accept(line: ServerLine): ServerEnd {
    const session = this.deployment.accept({
      send: (text, done) => {
        line.send(text);
        this.#freezer.after(0, () => done());
      },
      ping: () => line.ping(() => this.#freezer.act(() => session.heard())),
      close: (code, reason) => line.close(code ?? 1005, reason ?? ""),
      terminate: () => line.terminate(),
      bufferedAmount: 0,
    });
    return {
      message: (text) => this.#freezer.act(() => session.receive(text)),
      closed: () => this.#freezer.act(() => session.closed()),
    };
  }
}

/** Refusals of functions are told with a request's id and a stack; neither says more than the sentence. */
function firstLine(text: string): string {
  return text.replace(/\[Request ID: \w+\] Server Error\n/, "").split("\n", 1)[0] ?? "";
}
