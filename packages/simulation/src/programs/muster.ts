import { EventEmitter } from "node:events";
import type { Process } from "../machine/process.ts";
import { runMuster } from "./products.ts";

/** What a program writes to its output, as its parent reads it. */
class Written extends EventEmitter {
  readonly isTTY = false;
  readonly #process: Process;
  readonly #name: "stdout" | "stderr";

  constructor(process: Process, name: "stdout" | "stderr") {
    super();
    this.#process = process;
    this.#name = name;
  }

  write(text: string, done?: (error?: Error) => void): boolean {
    this.#process.output.emit(this.#name, text);
    done?.();
    return true;
  }
}

/** The command line, as any program on the computer calls it. */
export async function muster(process: Process): Promise<number> {
  return await runMuster(process.start.argv.slice(1), {
    env: process.env,
    stdin: Object.assign(new EventEmitter(), { isTTY: true }) as never,
    stdout: new Written(process, "stdout") as never,
    stderr: new Written(process, "stderr") as never,
  });
}
