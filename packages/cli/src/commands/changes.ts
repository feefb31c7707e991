/** The newest value of something watched, each once; one that is overtaken before it was looked at is left out. */
export class Changes<T> {
  #news = Promise.withResolvers<void>();
  #latest: { readonly value: T } | null = null;
  #end: { readonly error: Error | null } | null = null;

  tell(value: T): void {
    this.#latest = { value };
    this.#news.resolve();
  }

  /** No more values; with `error`, whoever asks for one gets it. */
  end(error: Error | null = null): void {
    this.#end ??= { error };
    this.#news.resolve();
  }

  /** Waits for a value that was not given before; undefined after the end. */
  async next(): Promise<T | undefined> {
    if (this.#latest === null && this.#end === null) await this.#news.promise;
    this.#news = Promise.withResolvers();
    if (this.#end?.error) throw this.#end.error;
    const latest = this.#latest;
    this.#latest = null;
    return this.#end === null ? latest?.value : undefined;
  }
}
