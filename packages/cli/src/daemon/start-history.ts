import type { Start, StartCause } from "@muster/core";

/** More than a budget ever looks back at. */
const KEPT = 50;

/** How one agent was started so far, by whatever daemon. `onChange` hears every change. */
export class StartHistory {
  #starts: readonly Start[];
  readonly #onChange: (starts: readonly Start[]) => void;

  /** @param now when it was found, ms since the epoch */
  constructor(starts: readonly Start[], now: number, onChange: (starts: readonly Start[]) => void) {
    this.#starts = notAhead(starts, now);
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

/**
 * The computer's clock may have been set back since the last of them: how long ago that was nobody knows, so all of them move until
 * it was just now. Else an agent would wait until the clock has caught up.
 */
function notAhead(starts: readonly Start[], now: number): readonly Start[] {
  const last = starts.at(-1);
  const ahead = last === undefined ? 0 : (last.endedAt ?? last.joinedAt ?? last.at) - now;
  if (ahead <= 0) return starts;
  const moved = (at: number | undefined) => (at === undefined ? at : at - ahead);
  return starts.map((start) => ({
    ...start,
    at: start.at - ahead,
    joinedAt: moved(start.joinedAt),
    endedAt: moved(start.endedAt),
  }));
}
