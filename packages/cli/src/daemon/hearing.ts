import type { FromAgent } from "./channel.ts";

/** Keeps what a process says until its supervisor knows the process: a join may be quicker than the record of it. */
export class Hearing {
  #early: FromAgent[] = [];
  #attentive: ((message: FromAgent) => void) | null = null;

  readonly hear = (message: FromAgent): void => {
    if (this.#attentive === null) this.#early.push(message);
    else this.#attentive(message);
  };

  attend(listen: (message: FromAgent) => void): void {
    this.#attentive = listen;
    for (const message of this.#early.splice(0)) listen(message);
  }
}
