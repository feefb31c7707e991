import { Readable, Writable } from "node:stream";
import type { OutgoingHttpHeaders } from "node:http";
import { answerRequest } from "./answer.ts";
import type { Incoming, Outgoing } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import type { Handlers, Port } from "./listener.ts";
import type { LogListener } from "../wire/functions.ts";

/** Statuses whose responses have no body. */
const BODILESS = new Set([101, 204, 205, 304]);

/** A request in plain values, which costs its caller far less than a web request. */
export interface PlainRequest {
  readonly method: string;
  /** Whole, with the host that the guard looks at. */
  readonly url: string;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body: Buffer | null;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: [name: string, value: string][];
  readonly body: Buffer;
}

/** A port without a network: requests are handed in and go the way of all others, the guard included. */
export class InProcessPort implements Port {
  readonly port: number;
  readonly #guard: Guard;
  readonly #onLog: LogListener;
  readonly #running = new Set<InProcessResponse>();
  #handlers: Handlers | null = null;
  #ended: (() => void) | undefined;
  #isClosing = false;

  constructor(port: number, guard: Guard, onLog: LogListener) {
    this.port = port;
    this.#guard = guard;
    this.#onLog = onLog;
  }

  serve(handlers: Handlers | null): void {
    this.#handlers = handlers;
  }

  /** Resolves when the whole response is there. Rejects with a TypeError, as `fetch` does, when the connection breaks off. */
  async fetch(asked: Request): Promise<Response> {
    if (this.#isClosing) throw brokenOff();
    const { method, url, headers } = asked;
    const sent = asked.body === null ? null : Buffer.from(await asked.arrayBuffer());
    const { status, body, ...answered } = await this.ask({ method, url, headers, body: sent });
    return new Response(BODILESS.has(status) ? null : Uint8Array.from(body), {
      status,
      headers: answered.headers,
    });
  }

  /** As `fetch`, without its cost. */
  async ask(asked: PlainRequest): Promise<PlainResponse> {
    if (this.#isClosing) throw brokenOff();
    const request = new InProcessRequest(asked);
    const response = new InProcessResponse(request);
    this.#running.add(response);
    const handler = this.#handlers?.request ?? null;
    void answerRequest(request, response, { guard: this.#guard, handler, onLog: this.#onLog });
    try {
      return await response.whole;
    } finally {
      this.#running.delete(response);
      if (this.#running.size === 0) this.#ended?.();
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
  }

  terminate(): void {
    this.#isClosing = true;
    for (const response of this.#running) response.breakOff();
  }
}

class InProcessRequest extends Readable implements Incoming {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string> = {};
  readonly rawHeaders: string[] = [];

  constructor({ method, url, headers, body }: PlainRequest) {
    super({ read: () => {} });
    const { pathname, search, host } = new URL(url);
    this.method = method;
    this.url = pathname + search;
    const length: [string, string][] = body === null ? [] : [["content-length", `${body.length}`]];
    for (const [named, value] of [["host", host] as const, ...length, ...headers]) {
      const name = named.toLowerCase();
      if (Object.hasOwn(this.headers, name)) continue;
      this.headers[name] = value;
      this.rawHeaders.push(name, value);
    }
    if (body !== null && body.length > 0) this.push(body);
    this.push(null);
  }
}

class InProcessResponse extends Writable implements Outgoing {
  readonly req: Incoming;
  readonly whole: Promise<PlainResponse>;
  headersSent = false;
  readonly #headers = new Map<string, readonly string[]>();
  readonly #chunks: Buffer[] = [];
  readonly #settle: { resolve: (response: PlainResponse) => void; reject: (cause: Error) => void };
  #status = 200;
  #isSettled = false;

  constructor(request: Incoming) {
    super();
    this.req = request;
    const { promise, resolve, reject } = Promise.withResolvers<PlainResponse>();
    this.whole = promise;
    this.#settle = { resolve, reject };
    this.on("error", () => {});
    this.on("close", () => this.breakOff());
  }

  /** For the caller the connection is gone; has no effect on a response that is whole. */
  breakOff(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#settle.reject(brokenOff());
  }

  setHeader(name: string, value: string | number | readonly string[]): void {
    this.#headers.set(name.toLowerCase(), typeof value === "object" ? value : [String(value)]);
  }

  writeHead(status: number, headers: OutgoingHttpHeaders = {}): this {
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.setHeader(name, value);
    }
    this.headersSent = true;
    return this;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    const headers = [...this.#headers].flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    );
    this.#isSettled = true;
    this.#settle.resolve({ status: this.#status, headers, body: Buffer.concat(this.#chunks) });
    done();
  }
}

function brokenOff(): TypeError {
  return new TypeError("fetch failed", { cause: new Error("The connection broke off.") });
}
