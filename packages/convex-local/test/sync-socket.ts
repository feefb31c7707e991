import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { decodeTimestamp } from "../src/wire/timestamp.ts";

export interface ServerMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Transition extends ServerMessage {
  readonly startVersion: { querySet: number; identity: number; ts: string };
  readonly endVersion: { querySet: number; identity: number; ts: string };
  readonly modifications: readonly { type: string; queryId: number; value?: unknown }[];
}

/** A sync client that hides nothing: it sends exact frames and keeps every message until a test takes it. */
export class SyncSocket {
  readonly sessionId: string;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #messages: ServerMessage[] = [];
  #wake: () => void = () => {};
  #ended = false;

  private constructor(socket: WebSocket, sessionId: string) {
    this.#socket = socket;
    this.sessionId = sessionId;
    socket.on("message", (data) => {
      this.#messages.push(JSON.parse((data as Buffer).toString()) as ServerMessage);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        this.#ended = true;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Opens a socket and says Connect, unless `connect` is false. */
  static async open(
    url: string,
    options: { sessionId?: string; connect?: boolean; maxObservedTimestamp?: string } = {},
  ): Promise<SyncSocket> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
    const sync = new SyncSocket(socket, options.sessionId ?? randomUUID());
    await new Promise((resolve, reject) => {
      socket.on("open", resolve);
      socket.on("error", reject);
    });
    onTestFinished(() => socket.terminate());
    if (options.connect !== false) {
      sync.send({
        type: "Connect",
        sessionId: sync.sessionId,
        connectionCount: 0,
        lastCloseReason: "InitialConnect",
        clientTs: Date.now(),
        maxObservedTimestamp: options.maxObservedTimestamp,
      });
    }
    return sync;
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Sends exactly these bytes, as text or as binary. */
  raw(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** Subscribes in one ModifyQuerySet; the first query has id 0. */
  watch(queries: readonly [path: string, args: object][], baseVersion = 0): void {
    this.send({
      type: "ModifyQuerySet",
      baseVersion,
      newVersion: baseVersion + 1,
      modifications: queries.map(([udfPath, args], at) => ({
        type: "Add",
        queryId: baseVersion * 100 + at,
        udfPath,
        args: [args],
      })),
    });
  }

  mutate(requestId: number, udfPath: string, args: object): void {
    this.send({ type: "Mutation", requestId, udfPath, args: [args] });
  }

  /** Takes the next message, of whatever type. */
  async take(): Promise<ServerMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#ended) throw new Error("The socket closed.");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async takeTransition(): Promise<Transition> {
    const message = await this.take();
    if (message.type !== "Transition") throw new Error(`Not a Transition: ${message.type}`);
    return message as Transition;
  }

  /** Reads nothing more from the network, as a stuck client does. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close();
  }
}

export function tsOf(version: { ts: string }): bigint {
  return decodeTimestamp(version.ts) ?? -1n;
}
