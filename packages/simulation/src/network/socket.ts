import { current } from "../machine/current.ts";
import type { Process } from "../machine/process.ts";
import type { ServerEnd } from "./server.ts";

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** When a system gives up to connect, in ms. */
const GIVE_UP_MS = 127_000;

interface Incoming {
  readonly code: number;
  readonly reason: string;
}

/**
 * A WebSocket of the simulated network, with what the official client uses of it. Messages keep their order; a torn
 * connection delivers nothing any more, in silence, until one side gives it up.
 */
export class SimulatedWebSocket {
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;
  readonly CONNECTING = CONNECTING;
  readonly OPEN = OPEN;
  readonly CLOSING = CLOSING;
  readonly CLOSED = CLOSED;
  readonly url: string;
  readyState = CONNECTING;
  bufferedAmount = 0;
  binaryType = "blob";
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onerror: ((event: { readonly message: string }) => void) | null = null;
  onclose: ((event: Incoming & { readonly wasClean: boolean }) => void) | null = null;
  readonly #process: Process;
  readonly #forget: () => void;
  #server: ServerEnd | null = null;
  #isTorn = false;
  #hasConnected = false;
  /** When the last message of each direction arrives: none overtakes another. */
  #arrival = { there: 0, back: 0 };

  constructor(url: string) {
    this.url = url;
    this.#process = current();
    const { link } = this.#process.host;
    this.#process.sockets.add(this);
    const forget = link.keep(this);
    this.#forget = () => {
      forget();
      this.#process.sockets.delete(this);
    };
    if (!link.open.there || !link.open.back) this.#isTorn = true;
    this.#there(() => this.#connect());
    this.#process.host.after(this.#process, GIVE_UP_MS, () => {
      if (!this.#hasConnected) this.#failed();
    });
  }

  send(text: string): void {
    if (this.readyState === CONNECTING) throw new DOMException("Not open", "InvalidStateError");
    if (this.readyState === OPEN) this.#there(() => this.#server?.message(text));
  }

  close(code = 1005, reason = ""): void {
    if (this.readyState >= CLOSING) return;
    this.readyState = CLOSING;
    this.#there(() => this.#leaveServer());
    this.#process.host.after(this.#process, 1, () => this.#closed({ code, reason }, true));
  }

  /** Its process is gone; the system says so to the other side. */
  drop(): void {
    this.#forget();
    this.readyState = CLOSED;
    this.#there(() => this.#leaveServer());
  }

  /** The line under it broke. */
  tear(): void {
    if (this.#isTorn || this.readyState >= CLOSING) return;
    this.#isTorn = true;
    const { host } = this.#process;
    // Some breaks are told; others are silence, which only the clients' own patience ends.
    if (host.random.chance(0.5)) return;
    host.after(this.#process, host.random.between(0, 20_000), () => this.#failed());
  }

  #connect(): void {
    const { server } = this.#process.host.link;
    if (server?.isUp !== true) return this.#back(() => this.#failed());
    if (this.readyState !== CONNECTING) return;
    const path = new URL(this.url).pathname;
    this.#server = server.accept({
      path,
      send: (text) => this.#back(() => this.#message(text)),
      close: (code, reason) => {
        this.#server = null;
        this.#back(() => this.#closed({ code, reason }, true));
      },
      terminate: () => {
        this.#server = null;
        this.#back(() => this.#failed());
      },
      ping: (onPong) => this.#back(() => this.#there(onPong)),
    });
    this.#back(() => {
      if (this.readyState !== CONNECTING) return;
      this.#hasConnected = true;
      this.readyState = OPEN;
      this.onopen?.({});
    });
  }

  #leaveServer(): void {
    const server = this.#server;
    this.#server = null;
    server?.closed();
  }

  #message(text: string): void {
    if (this.readyState === OPEN) this.onmessage?.({ data: text });
  }

  #failed(): void {
    if (this.readyState === CLOSED) return;
    this.onerror?.({ message: "the connection broke" });
    this.#leaveServer();
    this.#closed({ code: 1006, reason: "" }, false);
  }

  #closed({ code, reason }: Incoming, wasClean: boolean): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.#forget();
    this.onclose?.({ code, reason, wasClean });
  }

  #there(arrive: () => void): void {
    const { host } = this.#process;
    if (this.#isTorn) return;
    const { agenda } = host.world;
    this.#arrival.there = Math.max(this.#arrival.there, agenda.now + host.link.latency());
    agenda.after(this.#arrival.there - agenda.now, () => {
      if (!this.#isTorn) arrive();
    });
  }

  #back(arrive: () => void): void {
    const { host } = this.#process;
    if (this.#isTorn) return;
    const { agenda } = host.world;
    this.#arrival.back = Math.max(this.#arrival.back, agenda.now + host.link.latency());
    agenda.after(this.#arrival.back - agenda.now, () => {
      if (!this.#isTorn) this.#process.reach(arrive);
    });
  }
}
