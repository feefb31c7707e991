import { EventEmitter } from "node:events";
import { promisify } from "node:util";
import { current } from "../machine/current.ts";
import { launch } from "../machine/process.ts";
import type { Exit, Process, Signal } from "../machine/process.ts";

interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly detached?: boolean;
  readonly stdio: readonly unknown[];
}

/** A pipe from a child, as its parent reads it. */
class Output extends EventEmitter {
  setEncoding(): this {
    return this;
  }

  destroy(): void {
    this.removeAllListeners();
  }
}

/** What the parent of a process holds of it. */
class ChildProcess extends EventEmitter {
  readonly spawnfile: string;
  readonly stdout = new Output();
  readonly stderr = new Output();
  readonly stdin = Object.assign(new EventEmitter(), { end: (text: string) => this.#give(text) });
  exitCode: number | null = null;
  signalCode: Signal | null = null;
  readonly #parent: Process;
  #process: Process | null = null;
  #input: string | null = null;

  constructor(file: string, parent: Process) {
    super();
    this.spawnfile = file;
    this.#parent = parent;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get connected(): boolean {
    return this.#process?.isConnected === true;
  }

  kill(signal: Signal = "SIGTERM"): boolean {
    if (this.#process?.isAlive !== true) return false;
    this.#process.receive(signal);
    return true;
  }

  send(message: unknown, sent?: () => void): boolean {
    this.#process?.hear(message);
    sent?.();
    return this.connected;
  }

  disconnect(): void {
    this.#process?.disconnect();
  }

  ref(): void {}
  unref(): void {}

  #give(text: string): void {
    this.#input = text;
    this.#process?.output.emit("input", text);
  }

  /** Takes over the process that was started for it. */
  attend(process: Process): void {
    this.#process = process;
    const parent = this.#parent;
    const tell = (ms: number, run: () => void) => void parent.host.after(parent, ms, run);
    if (this.#input !== null) process.output.emit("input", this.#input);
    process.onMessage((message) => tell(0.1, () => this.emit("message", message)));
    process.onDisconnect(() => tell(0.1, () => this.emit("disconnect")));
    for (const name of ["stdout", "stderr"] as const)
      process.output.on(name, (text: string) => tell(0.1, () => this[name].emit("data", text)));
    process.onEnd((exit) => tell(0.3, () => this.#exited(process, exit)));
    tell(0.1, () => this.emit("spawn"));
  }

  fail(code: string): void {
    const { host } = this.#parent;
    const error = Object.assign(new Error(`spawn ${this.spawnfile} ${code}`), { code });
    host.after(this.#parent, 0.1, () => this.emit("error", error));
  }

  #exited(process: Process, { code, signal }: Exit): void {
    process.reap();
    this.exitCode = code;
    this.signalCode = signal;
    this.emit("exit", code, signal);
    this.#parent.host.after(this.#parent, 0.2, () => this.emit("close", code, signal));
  }
}

export function spawn(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const parent = current();
  const child = new ChildProcess(file, parent);
  const { host } = parent;
  const program = programOf(file, args);
  if (!host.programs.has(program)) {
    child.fail("ENOENT");
    return child;
  }
  const env = Object.fromEntries(
    Object.entries(options.env ?? parent.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const process = launch(host, {
    program,
    title: titleOf(program, env),
    argv: [file, ...args],
    env,
    cwd: options.cwd ?? parent.start.cwd,
    parent,
    detached: options.detached ?? false,
    load: program.endsWith(".ts") ? [60, 400] : [5, 40],
    hasChannel: options.stdio.includes("ipc"),
  });
  child.attend(process);
  return child;
}

/** A script of ours is known by its place among the sources, anything else by its file. */
function programOf(file: string, args: readonly string[]): string {
  const [, script] = /\/packages\/cli\/src\/(.*\.ts)$/.exec(args[0] ?? "") ?? [];
  return script ?? file;
}

function titleOf(program: string, env: Readonly<Record<string, string>>): string {
  const role = env["MUSTER_ROLE"] ?? "";
  const name = program.split("/").at(-2) ?? program;
  return role === "" ? name : `${name}:${role}`;
}

type Finished = (error: Error | null, stdout: string, stderr: string) => void;

/** No program that the products ask and read exists on these computers. */
export function execFile(file: string, _args: readonly string[], ...rest: unknown[]): void {
  const process = current();
  const done = rest.at(-1) as Finished;
  const error = Object.assign(new Error(`spawn ${file} ENOENT`), { code: "ENOENT" });
  process.host.after(process, 1, () => done(error, "", ""));
}

Object.defineProperty(execFile, promisify.custom, {
  value: async (file: string) => {
    const process = current();
    return await process.later(1, () => {
      throw Object.assign(new Error(`spawn ${file} ENOENT`), { code: "ENOENT" });
    });
  },
});
