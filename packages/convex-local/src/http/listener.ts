import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { LogListener } from "../wire/functions.ts";
import { answerRequest } from "./answer.ts";
import type { RequestHandler } from "./exchange.ts";
import type { Guard } from "./guard.ts";

/** Agents beat every 10 or 30 seconds, and people pause: each finds the connection of its last call still there. */
const KEEP_ALIVE_MS = 65_000;

/** Another program listens on the port. `message` names it. */
export class PortInUse extends Error {
  override readonly name = "PortInUse";
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(`Port ${port} is in use by another program.`, { cause });
    this.port = port;
  }
}

export interface Handlers {
  readonly request: RequestHandler;
  /** Absent: this port takes no upgrades. */
  readonly upgrade?: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}

/** Where requests come in. */
export interface Port {
  readonly port: number;
  /** Null: whoever comes is told to try again. */
  serve(handlers: Handlers | null): void;
  /** Takes no new connections, lets running requests end, and resolves when all are gone. */
  close(): Promise<void>;
  /** Cuts off what is still running. */
  terminate(): void;
}

/** One guarded HTTP port. It is bound before anything is served, since functions want to know their own URL. */
export class Listener implements Port {
  readonly #server: Server;
  readonly #guard: Guard;
  readonly #onLog: LogListener;
  #handlers: Handlers | null = null;
  #isClosing = false;

  private constructor(guard: Guard, onLog: LogListener) {
    this.#guard = guard;
    this.#onLog = onLog;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.on("upgrade", (request, stream, head) => this.#upgrade(request, stream, head));
  }

  /** Binds the port (0 = any). Rejects with PortInUse. */
  static async bind(
    options: { port: number; host: string },
    guard: Guard,
    onLog: LogListener,
  ): Promise<Listener> {
    const listener = new Listener(guard, onLog);
    const server = listener.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) =>
        reject(cause.code === "EADDRINUSE" ? new PortInUse(options.port, cause) : cause),
      );
      server.listen(options.port, options.host, resolve);
    });
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  serve(handlers: Handlers | null): void {
    this.#handlers = handlers;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    await closed;
  }

  terminate(): void {
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.once("close", () => this.#leave());
    const handler = this.#handlers?.request ?? null;
    void answerRequest(request, response, { guard: this.#guard, handler, onLog: this.#onLog });
  }

  /** Connections that their clients would keep for later hold up the end no longer than their last answer takes. */
  #leave(): void {
    if (this.#isClosing) setImmediate(() => this.#server.closeIdleConnections());
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on("error", () => stream.destroy());
    const refusal = this.#guard.refuse(request);
    if (refusal !== null) refuseUpgrade(stream, "403 Forbidden", refusal.message);
    else if (this.#handlers === null)
      refuseUpgrade(stream, "503 Service Unavailable", "Not ready.");
    else if (this.#handlers.upgrade === undefined) refuseUpgrade(stream, "404 Not Found", "");
    else this.#handlers.upgrade(request, stream, head);
  }
}

/** Answers an upgrade request with an error and ends the connection. */
export function refuseUpgrade(stream: Duplex, status: string, message: string): void {
  stream.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
  );
}
