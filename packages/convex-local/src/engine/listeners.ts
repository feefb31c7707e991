/** Callbacks that do not disturb one another: what one throws surfaces as an uncaught error, after all have been called. */
export class Listeners<T = void> {
  readonly #all = new Set<(event: T) => void>();

  /** Answers the unsubscription. */
  add(listener: (event: T) => void): () => void {
    const own = (event: T) => listener(event);
    this.#all.add(own);
    return () => this.#all.delete(own);
  }

  call(event: T): void {
    for (const listener of Array.from(this.#all)) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
