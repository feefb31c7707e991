import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import type { Callers } from "../auth/caller.ts";
import { type Clock, soonBy } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Functions, LogListener } from "../wire/functions.ts";
import { Connection } from "./connection.ts";
import type { ConnectionContext, Flushable } from "./connection.ts";
import type { Socket } from "./outbox.ts";
import type { QueryRequest } from "./shared-queries.ts";
import { SharedQueries } from "./shared-queries.ts";
import { inTurns } from "./turns.ts";

const BEAT_MS = 5_000;
const LARGEST_MESSAGE = 20 * 1024 * 1024;
const MOST_CONNECTIONS = 16_000;

/** The deployment's end of a socket, for whoever carries the frames. */
export interface SyncLine {
  /** A text frame arrived. */
  receive(text: string): void;
  /** The client gave another sign of life, as an answer to a ping. */
  heard(): void;
  /** The socket is gone, whoever closed it. */
  closed(): void;
}

/** A connection that has something to send as soon as these have run. */
interface Waiting {
  readonly one: Flushable;
  readonly wanted: readonly QueryRequest[];
}

/** All sync connections of one deployment, and what they share. */
export class SyncHub {
  readonly #connections = new Map<Connection, Socket>();
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  readonly #context: ConnectionContext;
  readonly #clock: Clock;
  readonly #later: (run: () => void) => void;
  readonly #unsubscribe: readonly (() => void)[];
  readonly #queries: SharedQueries;
  #stopBeat: () => void = () => {};
  #due: Flushable[] = [];

  constructor(
    engine: Engine,
    parts: { functions: Functions; callers: Callers; clock: Clock; onLog: LogListener },
  ) {
    const queries = new SharedQueries(parts.functions, parts.clock);
    this.#queries = queries;
    this.#clock = parts.clock;
    this.#later = soonBy(parts.clock);
    this.#context = { ...parts, queries, soon: (connection) => this.#soon(connection) };
    this.#unsubscribe = [
      engine.onCommit((commit) => queries.invalidate(commit)),
      engine.onReload(() => queries.invalidateAll()),
    ];
    this.#armBeat();
  }

  /** Whether the path is one of the sync protocol's, `/api/sync` or `/api/<client version>/sync`. */
  static isSyncPath(path: string): boolean {
    return /^\/api\/([\w.-]+\/)?sync$/.test(path);
  }

  get isFull(): boolean {
    return this.#connections.size >= MOST_CONNECTIONS;
  }

  /** Takes over a connection that the guard has let through. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#open(socket));
  }

  /** Begins a sync session on a socket that is open. Its transport hands on through the answer what arrives. */
  accept(socket: Socket): SyncLine {
    const connection = new Connection(socket, this.#context);
    this.#connections.set(connection, socket);
    return {
      receive: (text) => connection.receive(text),
      heard: () => connection.heard(),
      closed: () => {
        this.#connections.delete(connection);
        connection.closed();
      },
    };
  }

  /** Resolves when every connection has finished what it accepted and was told to reconnect. */
  async drain(): Promise<void> {
    this.#stopBeat();
    await Promise.all([...this.#connections.keys()].map((connection) => connection.drain()));
  }

  /** Ends what is still open after the drain. */
  terminate(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const socket of this.#connections.values()) socket.terminate();
    this.#server.close();
  }

  /** The process dies: nothing is sent any more, and every socket is cut. */
  abandon(): void {
    this.#stopBeat();
    for (const connection of this.#connections.keys()) connection.closed();
    this.terminate();
  }

  #open(socket: WebSocket): void {
    const line = this.accept({
      send: (text, done) => socket.send(text, done),
      ping: () => socket.ping(),
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
    });
    socket.on("message", (data) => line.receive((data as Buffer).toString("utf8")));
    socket.on("pong", () => line.heard());
    socket.on("error", (cause) => this.#context.onLog(`sync socket: ${cause.message}`));
    socket.on("close", () => line.closed());
  }

  #armBeat(): void {
    this.#stopBeat = this.#clock.after(BEAT_MS, () => {
      this.#armBeat();
      for (const connection of this.#connections.keys()) connection.beat();
    });
  }

  /**
   * Answers to requests leave first, then one transition per connection for everything of this turn. Who wants no query, or short ones,
   * does not wait for those of others, which may take long.
   */
  #soon(connection: Flushable): void {
    this.#due.push(connection);
    if (this.#due.length > 1) return;
    this.#later(() => {
      const due = this.#due.map((one) => ({ one, wanted: one.wanted() }));
      this.#due = [];
      const waiting = due.filter(({ wanted }) => wanted.length > 0);
      for (const { one, wanted } of due) if (wanted.length === 0) one.flush();
      this.#serve(inTurns(waiting, ({ wanted }) => this.#queries.costOf(wanted)));
    });
  }

  #serve([first, ...later]: readonly (readonly Waiting[])[]): void {
    if (first === undefined) return;
    this.#queries.prepared(
      first.flatMap(({ wanted }) => wanted),
      () => {
        for (const { one } of first) one.flush();
        this.#serve(later);
      },
    );
  }
}
