import { Readable, Writable } from "node:stream";
import type { OutgoingHttpHeaders } from "node:http";
import { answerRequest } from "./answer.ts";
import type { Incoming, Outgoing } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import type { Handlers, Port } from "./listener.ts";
import type { LogListener } from "../wire/functions.ts";

/** Statuses whose responses have no body. */
const BODILESS = new Set([101, 204, 205, 304]);

/** A port without a network: requests are handed in as web requests and go the way of all others, the guard included. */
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
    const body = asked.body === null ? null : Buffer.from(await asked.arrayBuffer());
    const request = new InProcessRequest(asked, body);
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

  constructor(asked: Request, body: Buffer | null) {
    super({ read: () => {} });
    const { pathname, search, host } = new URL(asked.url);
    this.method = asked.method;
    this.url = pathname + search;
    const length: [string, string][] = body === null ? [] : [["content-length", `${body.length}`]];
    for (const [name, value] of [["host", host] as const, ...length, ...asked.headers]) {
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
  readonly whole: Promise<Response>;
  headersSent = false;
  readonly #headers = new Headers();
  readonly #chunks: Buffer[] = [];
  readonly #settle: { resolve: (response: Response) => void; reject: (cause: Error) => void };
  #status = 200;

  constructor(request: Incoming) {
    super();
    this.req = request;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.whole = promise;
    this.#settle = { resolve, reject };
    this.on("error", () => {});
    this.on("close", () => this.breakOff());
  }

  /** For the caller the connection is gone; has no effect on a response that is whole. */
  breakOff(): void {
    this.#settle.reject(brokenOff());
  }

  setHeader(name: string, value: string | number | readonly string[]): void {
    this.#headers.delete(name);
    for (const one of typeof value === "object" ? value : [String(value)])
      this.#headers.append(name, one);
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
    const body = BODILESS.has(this.#status) ? null : Buffer.concat(this.#chunks);
    this.#settle.resolve(new Response(body, { status: this.#status, headers: this.#headers }));
    done();
  }
}

function brokenOff(): TypeError {
  return new TypeError("fetch failed", { cause: new Error("The connection broke off.") });
}
