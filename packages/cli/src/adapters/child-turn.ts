import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { OutputTail } from "../daemon/output-tail.ts";
import { endMarked } from "../daemon/process-group.ts";
import { newMarker, TURN_MARKER } from "../daemon/marker.ts";
import { HarnessDied, HarnessMissing, HarnessUnusable } from "./adapter.ts";
import type { Place, TurnResult } from "./adapter.ts";
import { AnswerText } from "./answer.ts";

export interface ChildTurn {
  /** What the harness is called in sentences. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly input: string;
  readonly timeoutMs: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How long a process that is to end may take to do it by itself. */
const GRACE_MS = 2_000;
const VANISH_MS = 5_000;
/** The output that is still in the pipes when a process has ended. */
const DRAIN_MS = 200;

/**
 * Gives one turn to a process of its own: the prompt on stdin, the answer on stdout. When it is over, in whatever way,
 * nothing that it started is left. Aborting `signal` ends it as cancelled. @throws HarnessDied if something else than this turn killed the process
 */
export async function childTurn(
  turn: ChildTurn,
  place: Place,
  signal: AbortSignal,
): Promise<TurnResult> {
  const marker = newMarker();
  const [file, ...args] = turn.argv;
  const child = spawn(file, args, {
    cwd: place.workingDir,
    env: { ...place.environment, ...turn.environment, [TURN_MARKER]: marker },
    shell: false,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const running = new RunningTurn(child);
  const timer = setTimeout(() => running.end("timed_out"), turn.timeoutMs);
  const cancel = () => running.end("cancelled");
  signal.addEventListener("abort", cancel);
  if (signal.aborted) cancel();
  try {
    child.stdin.on("error", () => {});
    child.stdin.end(turn.input);
    return await running.result(turn);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    const how = { sleep: async (ms: number) => await sleep(ms), withinMs: VANISH_MS };
    await endMarked(TURN_MARKER, marker, how);
  }
}

class RunningTurn {
  readonly #child: ChildProcess;
  readonly #errors = new OutputTail();
  readonly #answer = new AnswerText();
  #endedFor: "timed_out" | "cancelled" | null = null;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => this.#answer.add(chunk));
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => this.#errors.add(chunk));
  }

  end(why: "timed_out" | "cancelled"): void {
    this.#endedFor ??= why;
    this.#child.kill("SIGTERM");
    setTimeout(() => this.#child.kill("SIGKILL"), GRACE_MS).unref();
  }

  async result({ name, timeoutMs }: ChildTurn): Promise<TurnResult> {
    const { code, signal } = await this.#exit(name);
    const answer = this.#answer.read();
    if (this.#endedFor === "cancelled") return { text: answer, stopReason: "cancelled" };
    if (this.#endedFor === "timed_out") {
      const text = withOutput(
        `${name} was ended after ${timeoutMs / 1_000} s without an answer.`,
        answer,
      );
      return { text, stopReason: "timed_out" };
    }
    if (signal !== null) throw new HarnessDied(`${name} was killed by ${signal}`);
    if (code === 0) return { text: answer, stopReason: "end_turn" };
    const output = [answer, this.#errors.read()].filter((part) => part !== "").join("\n");
    return {
      text: withOutput(`${name} failed with exit code ${code}.`, output),
      stopReason: "failed",
    };
  }

  async #exit(name: string): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return await new Promise((resolve, reject) => {
      this.#child.once("error", (error) => reject(unusable(name, this.#child.spawnfile, error)));
      this.#child.once("exit", (code, signal) => {
        const done = () => {
          clearTimeout(timer);
          resolve({ code, signal });
        };
        const timer = setTimeout(done, DRAIN_MS);
        this.#child.once("close", done);
      });
    });
  }
}

/** Why a program cannot be run, in one sentence. */
export function unusable(name: string, program: string, error: unknown): HarnessUnusable {
  const { code } = error as NodeJS.ErrnoException;
  const reason =
    code === "ENOENT"
      ? `there is no program ${program} on this machine`
      : `${program} cannot be run (${code ?? String(error)})`;
  const Unusable = code === "ENOENT" || code === "EACCES" ? HarnessMissing : HarnessUnusable;
  return new Unusable(`${name} cannot be used: ${reason}.`, { cause: error });
}

function withOutput(sentence: string, output: string): string {
  return output === "" ? sentence : `${sentence}\n\n${output}`;
}
