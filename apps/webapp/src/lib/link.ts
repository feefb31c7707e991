/** The page's line to its backend, as the page can prove it and not as it hopes. */
export interface LinkState {
  /** `connecting` until the first answer, `live` while answers come, `lost` as soon as they do not. */
  readonly state: "connecting" | "live" | "lost";
  /** When the backend was last heard on an open socket: the age of everything on the page. Null before the first time. */
  readonly heardAt: number | null;
}

export interface LinkSource {
  readonly isOpen: () => boolean;
  /** Resolves when the backend answered anything at all; rejects when it did not, or on abort. */
  readonly probe: (signal: AbortSignal) => Promise<unknown>;
  readonly isVisible: () => boolean;
  readonly now: () => number;
}

export const TICK_MS = 1_000;
/** A socket that closes and opens again within this time (a token refresh does that) is no news. */
const CLOSED_GRACE_MS = 1_000;
const QUIET_MS = 1_500;
/** Tick, quiet time and this together stay under the five seconds within which a dead line must show. */
const PROBE_TIMEOUT_MS = 1_800;

/**
 * Watches the socket and, when it is open but quiet, asks the backend over HTTP: a browser can take a
 * minute to see that an open socket has nobody at the other end.
 */
export class Link {
  readonly #source: LinkSource;
  readonly #listeners = new Set<() => void>();
  readonly #startedAt: number;
  #state: LinkState = { state: "connecting", heardAt: null };
  #closedSince: number | null = null;
  #unanswered = false;
  #probing = false;

  constructor(source: LinkSource) {
    this.#source = source;
    this.#startedAt = source.now();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LinkState => this.#state;

  /** Something arrived on the socket. */
  readonly heard = (): void => {
    this.#unanswered = false;
    this.#closedSince = null;
    this.#set({ state: "live", heardAt: this.#source.now() });
  };

  /** Looks at the line once; call it every `TICK_MS` and whenever the page becomes visible. */
  readonly look = (): void => {
    const now = this.#source.now();
    if (!this.#source.isOpen()) {
      this.#closedSince ??= this.#state.heardAt === null ? this.#startedAt : now;
      const grace = this.#state.heardAt === null ? 3 * CLOSED_GRACE_MS : CLOSED_GRACE_MS;
      if (now - this.#closedSince >= grace) this.#set({ ...this.#state, state: "lost" });
      return;
    }
    this.#closedSince = null;
    const quiet = now - (this.#state.heardAt ?? this.#startedAt);
    if (quiet >= QUIET_MS && this.#source.isVisible() && !this.#probing) void this.#ask();
    if (this.#unanswered) this.#set({ ...this.#state, state: "lost" });
  };

  async #ask(): Promise<void> {
    this.#probing = true;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PROBE_TIMEOUT_MS);
    try {
      await this.#source.probe(abort.signal);
      if (this.#source.isOpen()) this.heard();
    } catch {
      this.#unanswered = true;
      this.#set({ ...this.#state, state: "lost" });
    } finally {
      clearTimeout(timer);
      this.#probing = false;
    }
  }

  #set(next: LinkState): void {
    if (next.state === this.#state.state && next.heardAt === this.#state.heardAt) return;
    const stateChanged = next.state !== this.#state.state;
    // While live the age is not shown, so that each message does not redraw the page.
    this.#state = next;
    if (stateChanged) for (const listener of this.#listeners) listener();
  }
}
