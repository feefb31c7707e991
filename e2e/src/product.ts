import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
  readonly #ports: { port: number; sitePort: number };
  #up: ChildProcess | undefined;
  #output = "";

  private constructor(ports: { port: number; sitePort: number }) {
    this.#ports = ports;
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

  /** The machine's own, with another MUSTER_HOME and nothing of another Muster's. */
  get environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(MUSTER|VITEST)/.test(name),
    );
    return {
      ...Object.fromEntries(inherited),
      MUSTER_HOME: this.home,
      MUSTER_TIMING: "test",
    };
  }

  async up(...options: string[]): Promise<void> {
    const { port, sitePort } = this.#ports;
    const ports = ["--port", String(port), "--site-port", String(sitePort)];
    await this.#run(process.execPath, [main, "up", ...ports, ...options]);
  }

  /** The README's command, in a process group of its own as a terminal would give it. */
  async npmStart(): Promise<void> {
    const { port, sitePort } = this.#ports;
    await this.#run("npm", [
      "start",
      "--",
      "--port",
      String(port),
      "--site-port",
      String(sitePort),
    ]);
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
    if (up.exitCode === null && up.signalCode === null) await once(up, "exit");
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
