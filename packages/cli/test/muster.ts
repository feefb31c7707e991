import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { homeOf, type Home } from "../src/home.ts";
import { readCurrent } from "../src/backend/address.ts";
import { api } from "../src/backend/api.ts";
import { connect } from "../src/backend/connect.ts";
import { personCredential } from "../src/backend/credential.ts";
import { compiledCode, shareCompiledCode } from "../src/compiled-code.fixture.ts";
import { stopDaemon } from "../src/daemon/index.ts";
import { run } from "../src/run.ts";

const main = path.resolve(import.meta.dirname, "../src/main.ts");

/** How a command ended and what it said; `data` and `error` come from the envelope of `--json`. */
export interface Answer {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly summary: string;
  readonly next: readonly string[];
  readonly error: { readonly kind: string; readonly message: string; readonly hint?: string };
}

export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Program and arguments that start it, instead of this process: elsewhere, or with another clock. */
  readonly under?: readonly string[];
}

/** A process of ours with all that it printed so far. */
export class Running {
  readonly child: ChildProcess;
  #output = "";
  #heard = Promise.withResolvers<void>();

  constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      });
    }
    child.once("exit", () => this.#heard.resolve());
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves once `text` was printed. */
  async says(text: string): Promise<void> {
    while (!this.#output.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`It ended, and said:\n${this.#output}`);
      await this.#heard.promise;
    }
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, "exit");
    }
    return this.child.exitCode;
  }
}

/** One home with the real `muster` in it. Dispose it: nothing of it stays. */
export class Muster implements AsyncDisposable {
  readonly home: Home;
  readonly #running: Running[] = [];

  constructor() {
    this.home = homeOf({ MUSTER_HOME: mkdtempSync(path.join(tmpdir(), "muster-cli-")) });
    shareCompiledCode(this.home);
  }

  /** `muster up` on any free ports, without daemon and demo, in the timing profile of tests unless told otherwise. */
  async up(
    options: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Running> {
    return await this.#up([...BARE, ...options], env);
  }

  /** The same with this machine's daemon, whose agents see `env`, too. */
  async upWithDaemon(env: Readonly<Record<string, string>> = {}): Promise<Running> {
    return await this.#up(["--port", "0", "--site-port", "0", "--no-demo"], env);
  }

  async #up(options: readonly string[], env: Readonly<Record<string, string>>): Promise<Running> {
    const up = this.start(["up", ...options], { env: { MUSTER_TIMING: "test", ...env } });
    await up.says("#code=");
    return up;
  }

  /** Founds a room of its own, sits down in its one role and begins a task there. */
  async atWork(role: string): Promise<{ readonly room: string; readonly seat: readonly string[] }> {
    const room = `harbor-${randomUUID().slice(0, 8)}`;
    const seat = ["--room", room, "--role", role];
    await this.call(["room", "create", room, "--team", role]);
    await this.call(["send", "--room", room, "mend the net"]);
    await this.run(["wait-for-task", ...seat]);
    await this.call(["task-started", ...seat]);
    return { room, seat };
  }

  /** Where the running `up` serves. */
  async url(): Promise<string> {
    const current = await readCurrent(this.home);
    if (current === null) throw new Error("nothing runs");
    return current.url;
  }

  /** Starts a command without waiting for its end. */
  start(args: readonly string[], around: Around = {}): Running {
    const { PATH, LANG, GOGC, GOMEMLIMIT } = process.env;
    const [program = "", ...rest] = [...(around.under ?? []), process.execPath, main, ...args];
    const child = spawn(program, rest, {
      env: { PATH, LANG, GOGC, GOMEMLIMIT, ...this.#env, ...compiledCode, ...around.env },
      stdio: [around.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.end(around.stdin);
    const running = new Running(child);
    this.#running.push(running);
    return running;
  }

  /** Runs one command with `--json` to its end. */
  async run(args: readonly string[], around: Around = {}): Promise<Answer> {
    const { child } = this.start([...args, "--json"], around);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, "close");
    return answer(child.exitCode, stdout, stderr);
  }

  /** The same without a process of its own: for what ends before it would listen for signals. */
  async call(args: readonly string[], around: Around = {}): Promise<Answer> {
    const stdout = new Text();
    const stderr = new Text();
    const exit = await run([...args, "--json"], {
      env: { ...this.#env, ...around.env },
      stdin: Readable.from([around.stdin ?? ""]),
      stdout,
      stderr,
    });
    return answer(exit, stdout.text, stderr.text);
  }

  /**
   * What `find` finds in the first result of a query that has it, as the home's person sees it: told by the backend, since
   * asking again and again keeps a processor busy. The test's own time limit bounds it.
   */
  async first<F extends FunctionReference<"query">, T>(
    ref: F,
    args: FunctionArgs<F>,
    find: (value: FunctionReturnType<F>) => T | null,
  ): Promise<T> {
    const credential = await personCredential(this.home, await this.url());
    if (credential === null) throw new Error("nobody is signed in");
    const person = connect({ home: this.home, credential });
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = (value: FunctionReturnType<F>) => {
      const found = find(value);
      if (found !== null) resolve(found);
    };
    const stop = person.watch(ref, args, look, reject);
    try {
      return await promise;
    } finally {
      stop();
      await person.close();
    }
  }

  /** Comes back once the only role of a room is so. */
  async becomes(room: string, status: string): Promise<string> {
    return await this.first(api.rooms.getTeamReadiness, { room }, ({ items }) =>
      items[0]?.agentStatus === status ? status : null,
    );
  }

  get #env(): NodeJS.ProcessEnv {
    return { HOME: this.home.root, MUSTER_HOME: this.home.root };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopDaemon(this.home);
    for (const { child } of this.#running) child.kill("SIGKILL");
    await Promise.all(this.#running.map(async (running) => await running.ended()));
    rmSync(this.home.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

const BARE = ["--port", "0", "--site-port", "0", "--no-daemon", "--no-demo"];

class Text extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function answer(exit: number | null, stdout: string, stderr: string): Answer {
  const said = lastJson(exit === 0 || exit === 75 ? stdout : stderr);
  const nothing = { data: {}, summary: "", next: [], error: { kind: "", message: "" } };
  return { exit, stdout, stderr, ...nothing, ...said };
}

function lastJson(text: string): Partial<Answer> {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line.startsWith("{") ? (JSON.parse(line) as Partial<Answer>) : {};
}
