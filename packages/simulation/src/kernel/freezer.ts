import type { Agenda } from "./agenda.ts";

/** Somebody who can be frozen: what reaches them meanwhile, and what they had arranged, waits until they are thawed. */
export class Freezer {
  readonly #agenda: Agenda;
  #waiting: (() => void)[] | null = null;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  get isFrozen(): boolean {
    return this.#waiting !== null;
  }

  freeze(): void {
    this.#waiting ??= [];
  }

  /** Everything that waited happens now, in its order. */
  thaw(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const work of waiting) this.#agenda.after(0, () => this.act(work));
  }

  /** Nothing is frozen any more, and nothing that waited happens. */
  empty(): void {
    this.#waiting = null;
  }

  act(work: () => void): void {
    if (this.#waiting === null) work();
    else this.#waiting.push(work);
  }

  /** Calls `run` after `delay` ms. What it answers calls that off, also when its time has come and it waits: as a timer's does. */
  after(delay: number, run: () => void): () => void {
    const appointment = this.#agenda.after(delay, () =>
      this.act(() => {
        if (!appointment.cancelled) run();
      }),
    );
    return () => {
      appointment.cancelled = true;
    };
  }
}
