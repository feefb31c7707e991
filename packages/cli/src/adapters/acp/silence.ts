export interface SilenceOptions {
  readonly afterMs: number;
  /** Silence means nothing while a tool runs or a person is asked. */
  readonly excused: () => boolean;
  readonly onSilent: () => void;
}

/** Notices a program that says nothing any more. */
export class Silence {
  readonly #options: SilenceOptions;
  #heardAt = performance.now();
  #timer: NodeJS.Timeout;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#timer = this.#look(options.afterMs);
  }

  heard(): void {
    this.#heardAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(inMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      const { afterMs, excused, onSilent } = this.#options;
      if (excused()) this.heard();
      const leftMs = afterMs - (performance.now() - this.#heardAt);
      if (leftMs <= 0) onSilent();
      else this.#timer = this.#look(leftMs);
    }, inMs);
  }
}
