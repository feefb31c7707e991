import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { environment, MUSTER, ROOT, Scratch } from "./places.ts";

/** How often functions ran, by kind. */
type Calls = Readonly<Record<"query" | "mutation" | "action" | "shared", number>>;

/** A server in a process of its own, on data of its own. Dispose it: process and data are gone. */
export class ServerProcess implements AsyncDisposable {
  readonly home: string;
  readonly #argv: (home: string, port: string) => readonly string[];
  readonly #scratch: Scratch;
  #url = "";
  #child: ChildProcess | undefined;
  /** Milliseconds from the last start of the process until it said that it answers. */
  startedIn = 0;

  private constructor(argv: (home: string, port: string) => readonly string[], scratch: Scratch) {
    this.#argv = argv;
    this.home = scratch.path;
    this.#scratch = scratch;
  }

  get url(): string {
    return this.#url;
  }

  /** The whole backend as `muster up` serves it, without daemon and demo. */
  static async muster(): Promise<ServerProcess> {
    const ports = ["--port", "0", "--site-port", "0"];
    const up = [MUSTER, "up", "--json", "--no-daemon", "--no-demo", ...ports];
    return await ServerProcess.#spawn(() => up);
  }

  /** All of `muster up`: the daemon, too, and the demo room with its two agents. */
  static async home(): Promise<ServerProcess> {
    const ports = ["--port", "0", "--site-port", "0"];
    return await ServerProcess.#spawn(() => [MUSTER, "up", "--json", ...ports]);
  }

  /** The runtime with a folder of small functions. */
  static async fixtures(): Promise<ServerProcess> {
    const fixtures = path.join(ROOT, "packages/convex-local/test/fixtures");
    const main = path.join(fixtures, "process.ts");
    return await ServerProcess.#spawn((home) => [main, path.join(fixtures, "harbor"), home]);
  }

  /** The runtime with the functions of `bench/convex`, which can tell how often they ran; as many query workers as it likes unless told. */
  static async runtime(queryWorkers?: number): Promise<ServerProcess> {
    const main = path.join(import.meta.dirname, "runtime.ts");
    const functions = path.join(ROOT, "bench/convex");
    const workers = queryWorkers === undefined ? [] : [String(queryWorkers)];
    return await ServerProcess.#spawn((home, port) => [main, functions, home, port, ...workers]);
  }

  static async #spawn(
    argv: (home: string, port: string) => readonly string[],
  ): Promise<ServerProcess> {
    const server = new ServerProcess(argv, new Scratch());
    await server.#start("0");
    return server;
  }

  async #start(port: string): Promise<void> {
    const begun = performance.now();
    const child = spawn(process.execPath, ["--no-warnings", ...this.#argv(this.home, port)], {
      env: environment({
        MUSTER_HOME: this.home,
        MUSTER_RATES: "off",
        NODE_COMPILE_CACHE: path.join(ROOT, "node_modules/.cache/muster"),
      }),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    let said = "";
    this.#url = await new Promise<string>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      };
      child.stdout?.on("data", hear);
      child.stderr?.on("data", hear);
      child.once("exit", () => reject(new Error(`The server ended before it answered:\n${said}`)));
    });
    this.startedIn = performance.now() - begun;
  }

  /** Ends the process and starts it again on the same data and port. For the runtime alone. */
  async restart(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    await this.#end(signal);
    await this.#start(new URL(this.url).port);
  }

  async calls(): Promise<Calls> {
    const child = this.#running;
    const told = once(child, "message");
    child.send("calls");
    return (await told)[0] as Calls;
  }

  /** Resident, in MB. */
  memory(): number {
    const status = readFileSync(`/proc/${this.#running.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_000;
  }

  get #running(): ChildProcess {
    if (this.#child === undefined) throw new Error("The server has not been started.");
    return this.#child;
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { exitCode, signalCode } = this.#running;
    if (exitCode !== null || signalCode !== null) return;
    const ended = once(this.#running, "exit");
    this.#running.kill(signal);
    await ended;
  }

  /** The secret of the owner or of this machine, as `up` wrote it. */
  secret(whose: "person" | "machine"): string {
    const file = path.join(this.home, "credentials", `${whose}.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { secret: string }).secret;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end("SIGTERM");
    this.#scratch[Symbol.dispose]();
  }
}
