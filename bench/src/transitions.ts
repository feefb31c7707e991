/** Counts what the server tells the clients that use it, whatever the clients make of it. */
export class TransitionCount {
  #seen = 0;

  get seen(): number {
    return this.#seen;
  }

  /** The platform's own WebSocket, counting. Give it to a client as `webSocketConstructor`. */
  get socket(): typeof WebSocket {
    const count = (): void => {
      this.#seen += 1;
    };
    return class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener("message", ({ data }) => {
          if (String(data).startsWith('{"type":"Transition"')) count();
        });
      }
    };
  }
}
