import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { LogListener } from "../wire/functions.ts";
import { TokenError } from "../auth/token.ts";
import type { Guard } from "./guard.ts";
import { HttpError, errorReply, send } from "./reply.ts";

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
  /** A rejection with HttpError or TokenError is answered as such, any other with 500. */
  request(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Absent: this port takes no upgrades. */
  upgrade?(request: IncomingMessage, stream: Duplex, head: Buffer): void;
}

const NOT_READY = new HttpError(503, "NotReady", "The server is starting or stopping.");

/** One guarded HTTP port. It is bound before anything is served, since functions want to know their own URL. */
export class Listener {
  readonly #server: Server;
  readonly #guard: Guard;
  readonly #onLog: LogListener;
  #handlers: Handlers | null = null;
  #isClosing = false;

  private constructor(guard: Guard, onLog: LogListener) {
    this.#guard = guard;
    this.#onLog = onLog;
    this.#server = createServer((request, response) => void this.#answer(request, response));
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

  /** Null: whoever comes is told to try again. */
  serve(handlers: Handlers | null): void {
    this.#handlers = handlers;
  }

  /** Takes no new connections, lets running requests end, and resolves when all are gone. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    await closed;
  }

  /** Cuts off what is still running. */
  terminate(): void {
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once("close", () => this.#leave());
    try {
      const refusal = this.#guard.refuse(request);
      if (refusal !== null) {
        send(response, errorReply(refusal));
        return;
      }
      if (this.#handlers === null) throw NOT_READY;
      await this.#handlers.request(request, response);
    } catch (cause) {
      this.#refuse(response, cause);
    }
  }

  /** Connections that their clients would keep for later hold up the end no longer than their last answer takes. */
  #leave(): void {
    if (this.#isClosing) setImmediate(() => this.#server.closeIdleConnections());
  }

  #refuse(response: ServerResponse, cause: unknown): void {
    if (response.headersSent) {
      response.destroy();
    } else if (cause instanceof HttpError) {
      send(response, errorReply(cause));
    } else if (cause instanceof TokenError) {
      send(response, errorReply({ status: 401, code: "Unauthenticated", message: cause.message }));
    } else {
      this.#onLog(`${response.req.method} request failed: ${String(cause)}`);
      const message = "The request could not be answered.";
      send(response, errorReply({ status: 500, code: "InternalServerError", message }));
    }
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
