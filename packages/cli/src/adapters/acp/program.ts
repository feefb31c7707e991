import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { newMarker, TURN_MARKER } from "../../daemon/marker.ts";
import { OutputTail } from "../../daemon/output-tail.ts";
import { endMarked, signalGroup } from "../../daemon/process-group.ts";
import { identityOf } from "../../process-identity.ts";
import type { Place } from "../adapter.ts";
import { unusable } from "../child-turn.ts";

/** How long a program may take to end by itself once its input is closed. */
const GRACE_MS = 1_000;
/** How long its processes may take to vanish after SIGKILL. */
const VANISH_MS = 5_000;
/** The output that is still in the pipes when a process has ended. */
const DRAIN_MS = 200;

/** A running harness: the leader of a process group of its own, and everything that it starts, in whatever group. */
export class Program {
  readonly marker: string;
  /** One clause that says how it ended. Never rejects. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #group: number;
  readonly #errors = new OutputTail();

  private constructor(child: ChildProcessWithoutNullStreams, group: number, marker: string) {
    this.#child = child;
    this.#group = group;
    this.marker = marker;
    child.stdin.on("error", () => {});
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => this.#errors.add(chunk));
    this.exited = this.#exit();
  }

  /** Starts `argv`, which no shell ever sees. @throws HarnessUnusable */
  static async start(
    name: string,
    argv: readonly [string, ...string[]],
    place: Place,
  ): Promise<Program> {
    const marker = newMarker();
    const [file, ...args] = argv;
    const child = spawn(file, args, {
      cwd: place.workingDir,
      env: { ...place.environment, [TURN_MARKER]: marker },
      detached: true,
      shell: false,
      stdio: ["pipe", "pipe", "pipe"],
    });
    try {
      await once(child, "spawn");
    } catch (error) {
      throw unusable(name, file, error);
    }
    return new Program(child, child.pid ?? 0, marker);
  }

  get stdin(): ChildProcessWithoutNullStreams["stdin"] {
    return this.#child.stdin;
  }

  get stdout(): ChildProcessWithoutNullStreams["stdout"] {
    return this.#child.stdout;
  }

  /** The end of what it said on stderr: bounded, without secrets. */
  get lastWords(): string {
    return this.#errors.read();
  }

  async isAlive(): Promise<boolean> {
    return (await identityOf(this.#group)) !== null;
  }

  /** Ends it and everything that it has started. Safe to call twice. @throws Error if a process does not vanish */
  async end(): Promise<void> {
    this.#child.stdin.end();
    signalGroup(this.#group, "SIGTERM");
    const late = new AbortController();
    await Promise.race([
      this.exited,
      sleep(GRACE_MS, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
    await this.#endSurvivors();
  }

  async #endSurvivors(): Promise<void> {
    signalGroup(this.#group, "SIGKILL");
    const how = { sleep: async (ms: number) => await sleep(ms), withinMs: VANISH_MS };
    await endMarked(TURN_MARKER, this.marker, how);
  }

  async #exit(): Promise<string> {
    const [code, signal] = (await once(this.#child, "exit")) as [number | null, string | null];
    await Promise.race([once(this.#child, "close"), sleep(DRAIN_MS)]);
    this.#child.stdout.destroy();
    return signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
  }
}
