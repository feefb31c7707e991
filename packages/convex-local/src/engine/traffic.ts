/** How much functions have read and written since the start, in bytes of whole documents. */
export interface Traffic {
  /** Also what a write reads first because it changes it. An answer that several subscriptions share was read once. */
  readonly bytesRead: number;
  /** Entries of indexes and deletions count as nothing. */
  readonly bytesWritten: number;
}

export class TrafficCount {
  #bytesRead = 0;
  #bytesWritten = 0;

  add({ bytesRead, bytesWritten }: Traffic): void {
    this.#bytesRead += bytesRead;
    this.#bytesWritten += bytesWritten;
  }

  total(): Traffic {
    return { bytesRead: this.#bytesRead, bytesWritten: this.#bytesWritten };
  }
}
