/** The part of a WebSocket that a connection uses. */
export interface Socket {
  /** `done` is called when the frame has left for the operating system, or failed to. */
  send(text: string, done: (error?: Error | null) => void): void;
  ping(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
  readonly bufferedAmount: number;
}

const MOST_UNSENT_TRANSITIONS = 2;
const MOST_UNSENT_BYTES = 64 * 1024 * 1024;

/** What waits to leave on one socket. Transitions are held back while two are unsent, so that they coalesce. */
export class Outbox {
  readonly #socket: Socket;
  readonly #onRoom: () => void;
  readonly #now: () => number;
  #unsentTransitions = 0;
  #lastSentAt: number;

  /** `onRoom`: a transition may be sent again. */
  constructor(socket: Socket, now: () => number, onRoom: () => void) {
    this.#socket = socket;
    this.#now = now;
    this.#onRoom = onRoom;
    this.#lastSentAt = now();
  }

  /** Milliseconds since the epoch. */
  get lastSentAt(): number {
    return this.#lastSentAt;
  }

  get hasRoom(): boolean {
    return this.#unsentTransitions < MOST_UNSENT_TRANSITIONS;
  }

  send(message: object): void {
    this.#write(JSON.stringify(message), () => {});
  }

  sendTransition(text: string): void {
    this.#unsentTransitions += 1;
    this.#write(text, () => {
      this.#unsentTransitions -= 1;
      this.#onRoom();
    });
  }

  /** A reader that leaves this much lying is gone or hostile; it may reconnect and ask again. */
  #write(text: string, done: () => void): void {
    if (this.#socket.bufferedAmount > MOST_UNSENT_BYTES) {
      this.#socket.terminate();
      return;
    }
    this.#lastSentAt = this.#now();
    this.#socket.send(text, (error) => {
      if (error == null) done();
    });
  }
}
