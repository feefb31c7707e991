export interface SilenceOptions {
  readonly afterMs: number;
  /** Silence means nothing while a tool runs or a person is asked. */
  readonly excused: () => boolean;
  readonly onSilent: () => void;
}

const LOOKS = 20;

/** Notices a program that says nothing any more. */
export class Silence {
  readonly #options: SilenceOptions;
  readonly #lookMs: number;
  #silentMs = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#lookMs = options.afterMs / LOOKS;
    this.#timer = setInterval(() => this.#look(), this.#lookMs);
  }

  heard(): void {
    this.#silentMs = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Each look counts for one interval: a suspension, in which the program was silent too, is no silence. */
  #look(): void {
    const { afterMs, excused, onSilent } = this.#options;
    if (excused()) this.heard();
    else this.#silentMs += this.#lookMs;
    if (this.#silentMs < afterMs) return;
    this.stop();
    onSilent();
  }
}
