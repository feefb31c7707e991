import type { Start, StartCause } from "@muster/core";

/** More than a budget ever looks back at. */
const KEPT = 50;

/** How one agent was started so far, by whatever daemon. `onChange` hears every change. */
export class StartHistory {
  #starts: readonly Start[];
  readonly #onChange: (starts: readonly Start[]) => void;

  constructor(starts: readonly Start[], onChange: (starts: readonly Start[]) => void) {
    this.#starts = starts;
    this.#onChange = onChange;
  }

  /** Oldest first. */
  get starts(): readonly Start[] {
    return this.#starts;
  }

  /** Whether nobody has seen the end of the last start. */
  get isOpen(): boolean {
    const last = this.#starts.at(-1);
    return last !== undefined && last.endedAt === undefined;
  }

  began(cause: StartCause, at: number): void {
    this.#change([...this.#starts, { cause, at, startedTask: false }]);
  }

  /** Something more is known of the last start. */
  amend(news: Partial<Start>): void {
    const last = this.#starts.at(-1);
    if (last !== undefined) this.#change([...this.#starts.slice(0, -1), { ...last, ...news }]);
  }

  /** The last start was ended on purpose: it is no failed one, and none of too many. */
  undo(): void {
    this.#change(this.#starts.slice(0, -1));
  }

  #change(starts: readonly Start[]): void {
    this.#starts = starts.slice(-KEPT);
    this.#onChange(this.#starts);
  }
}
