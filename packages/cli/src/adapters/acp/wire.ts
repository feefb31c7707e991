import { Readable, Writable } from "node:stream";
import { ndJsonStream } from "@agentclientprotocol/sdk";
import type { Stream } from "@agentclientprotocol/sdk";
import type { Program } from "./program.ts";

/** No message of the protocol is longer: it would be an attack on our memory or a mistake. */
const MESSAGE_BYTES = 16 * 1024 * 1024;
/** Programs greet, warn and advertise on stdout. So many lines of it are passed over. */
const NONSENSE_LINES = 20;
/** What a program may write in one turn. */
const TURN_BYTES = 512 * 1024 * 1024;

const NEWLINE = 0x0a;
const BRACE = 0x7b;
const BLANKS: ReadonlySet<number> = new Set([NEWLINE, 0x20, 0x09, 0x0d]);

export interface WireWatch {
  /** Called for each piece of output: the program lives. */
  readonly onOutput: () => void;
  /** Called once, with a clause that says what is wrong with the output. */
  readonly onBad: (reason: string) => void;
}

export interface Wire {
  readonly stream: Stream;
  /** Forgets what was written so far: a new turn begins. */
  newTurn(): void;
}

/** The messages that a program exchanges with us, one a line. Lines that cannot be messages are passed over, for a while. */
export function wireOf(program: Program, watch: WireWatch): Wire {
  const sieve = new Sieve(watch);
  const lines = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      watch.onOutput();
      for (const part of sieve.pass(chunk)) controller.enqueue(part);
    },
  });
  const input = Readable.toWeb(program.stdout) as ReadableStream<Uint8Array>;
  const output = Writable.toWeb(program.stdin) as WritableStream<Uint8Array>;
  return {
    stream: ndJsonStream(output, input.pipeThrough(lines), { maxMessageBytes: MESSAGE_BYTES }),
    newTurn: () => sieve.newTurn(),
  };
}

/** Passes on the lines that begin as an object does, without keeping any of them. */
export class Sieve {
  readonly #watch: Pick<WireWatch, "onBad">;
  #line: "begins" | "passes" | "dropped" = "begins";
  #dropped = 0;
  #turnBytes = 0;
  #bad = false;

  constructor(watch: Pick<WireWatch, "onBad">) {
    this.#watch = watch;
  }

  newTurn(): void {
    this.#turnBytes = 0;
  }

  *pass(chunk: Uint8Array): Generator<Uint8Array> {
    this.#turnBytes += chunk.length;
    if (this.#turnBytes > TURN_BYTES) this.#report("writes without end");
    let from = 0;
    while (from < chunk.length) {
      from = this.#skipBlanks(chunk, from);
      if (from === chunk.length) return;
      const newline = chunk.indexOf(NEWLINE, from);
      const to = newline === -1 ? chunk.length : newline + 1;
      if (this.#line === "begins") this.#judge(chunk[from]);
      if (this.#line === "passes") yield chunk.subarray(from, to);
      if (newline !== -1) this.#line = "begins";
      from = to;
    }
  }

  #skipBlanks(chunk: Uint8Array, start: number): number {
    let from = start;
    while (this.#line === "begins" && BLANKS.has(chunk[from] ?? BRACE)) from += 1;
    return from;
  }

  #judge(first: number | undefined): void {
    this.#line = first === BRACE ? "passes" : "dropped";
    if (this.#line === "passes") return;
    this.#dropped += 1;
    if (this.#dropped > NONSENSE_LINES) {
      this.#report("does not speak the Agent Client Protocol on its output");
    }
  }

  #report(reason: string): void {
    if (this.#bad) return;
    this.#bad = true;
    this.#watch.onBad(reason);
  }
}
