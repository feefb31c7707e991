import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { constants, tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const main = path.join(root, "packages/cli/src/main.ts");

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What `muster … --json` answered, on stdout or on stderr, and how it ended. */
export interface Answer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  // The shape of `data` differs from command to command; a test that reads a wrong one fails.
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * One installation of Muster with a MUSTER_HOME of its own, driven as a person would: by `up`, signals and commands. Runs in the `test`
 * timing profile. Dispose it: that ends every process it started and removes its files.
 */
export class Product implements AsyncDisposable {
  readonly home = mkdtempSync(path.join(tmpdir(), "muster-e2e-"));
  /** What this terminal has besides: variables, and folders of programs in front of PATH. */
  readonly variables: Record<string, string> = {};
  readonly programs: string[] = [];
  readonly #ports: { port: number; sitePort: number };
  #up: ChildProcess | undefined;
  /** Resolves when `up` has ended and all that it printed was read. */
  #closed: Promise<unknown> | undefined;
  #output = "";

  private constructor(ports: { port: number; sitePort: number }) {
    this.#ports = ports;
    // What earlier products have compiled: a new home would begin by compiling Muster anew, in every one of its processes.
    const compiled = process.env["NODE_COMPILE_CACHE"];
    if (compiled !== undefined) symlinkSync(compiled, path.join(this.home, "cache"));
  }

  /** Starts from nothing. Resolves when the sign-in link is printed. */
  static async start(...options: string[]): Promise<Product> {
    const product = await Product.installed();
    await product.up(...options);
    return product;
  }

  static async installed(): Promise<Product> {
    return new Product({ port: await freePort(), sitePort: await freePort() });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#ports.port}`;
  }

  get repository(): string {
    return path.join(this.home, "demo/harbor");
  }

  /** Everything that the running (or last) `up` printed. */
  get output(): string {
    return this.#output;
  }

  get signInLink(): string {
    const link = /http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/.exec(this.#output)?.[0];
    if (link === undefined) throw new Error(`no sign-in link in:\n${this.#output}`);
    return link;
  }

  /** A terminal's: another MUSTER_HOME, nothing of another Muster's, and no program out of this checkout. */
  get environment(): NodeJS.ProcessEnv {
    const folders = (process.env["PATH"] ?? "").split(path.delimiter);
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(MUSTER|VITEST)/.test(name),
    );
    return {
      ...Object.fromEntries(inherited),
      PATH: [
        ...this.programs,
        ...folders.filter((folder) => !folder.includes("node_modules")),
      ].join(path.delimiter),
      MUSTER_HOME: this.home,
      MUSTER_TIMING: "test",
      MUSTER_DEMO_PACE_MS: "250",
      ...this.variables,
    };
  }

  async up(...options: string[]): Promise<void> {
    await this.#run(process.execPath, [main, "up", ...this.#portOptions, ...options]);
  }

  /** The README's command, in a process group of its own as a terminal would give it. */
  async npmStart(...options: string[]): Promise<void> {
    await this.#run("npm", ["start", "--", ...this.#portOptions, ...options]);
  }

  get #portOptions(): string[] {
    const { port, sitePort } = this.#ports;
    return ["--port", String(port), "--site-port", String(sitePort)];
  }

  async #run(command: string, args: string[]): Promise<void> {
    this.#output = "";
    const child = spawn(command, args, {
      cwd: root,
      env: this.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#up = child;
    this.#closed = once(child, "close");
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (this.#output.includes("#code=")) resolve();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", () => reject(new Error(`up ended early:\n${this.#output}`)));
    });
  }

  /** What a terminal's Ctrl-C does: the signal goes to the whole foreground group. */
  interrupt(): void {
    process.kill(-this.#requireUp(), "SIGINT");
  }

  /** A TERM for the one process that was started, npm or `up`, and not for its group. */
  terminate(): void {
    process.kill(this.#requireUp(), "SIGTERM");
  }

  /** Kills the process that holds the backend, and nothing else. */
  async killBackend(): Promise<void> {
    const { pid } = JSON.parse(readFileSync(path.join(this.home, "current.json"), "utf8")) as {
      pid: number;
    };
    process.kill(pid, "SIGKILL");
    await this.ended();
  }

  /** Resolves with the exit code once `up` is gone, as a shell counts it: 128 + n after signal n. */
  async ended(): Promise<number> {
    const up = this.#up;
    if (up === undefined) throw new Error("up was never started");
    await this.#closed;
    return up.signalCode === null ? (up.exitCode ?? 0) : 128 + constants.signals[up.signalCode];
  }

  #requireUp(): number {
    if (this.#up?.pid === undefined) throw new Error("up does not run");
    return this.#up.pid;
  }

  /** Runs one command with `--json` and reads its envelope. */
  async muster(...args: string[]): Promise<Answer> {
    const child = spawn(process.execPath, [main, ...args, "--json"], {
      env: { ...this.environment, MUSTER_URL: this.url },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const [exitCode] = (await once(child, "close")) as [number | null];
    const envelope = JSON.parse(stdout === "" ? "{}" : stdout) as { data?: Answer["data"] };
    return { exitCode, stdout, stderr, data: envelope.data ?? {} };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.muster("down");
    await this.muster("machine", "daemon", "stop");
    if (this.#up?.exitCode === null && this.#up.signalCode === null) {
      process.kill(-this.#requireUp(), "SIGKILL");
      await this.ended();
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
