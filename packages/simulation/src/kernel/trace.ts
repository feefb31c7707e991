import { createHash } from "node:crypto";

const KEPT = 400;

/** What happened, event by event: the end of it to read, and a hash of all of it to compare. Holds no secrets. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #last: string[] = [];
  readonly #print: ((line: string) => void) | null;
  #events = 0;

  constructor(print: ((line: string) => void) | null) {
    this.#print = print;
  }

  add(at: number, who: string, what: string): void {
    const line = `${(at / 1_000).toFixed(3).padStart(11)}  ${who.padEnd(22)} ${what}`;
    this.#events += 1;
    this.#hash.update(line);
    this.#last.push(line);
    if (this.#last.length > 2 * KEPT) this.#last.splice(0, KEPT);
    this.#print?.(line);
  }

  get events(): number {
    return this.#events;
  }

  /** The newest events, oldest first. */
  last(count: number): string[] {
    return this.#last.slice(-count);
  }

  /** Of everything so far. */
  digest(): string {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }
}
