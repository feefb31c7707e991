import type { Callers } from "../auth/caller.ts";
import { NOBODY } from "../auth/caller.ts";
import type { Caller } from "../auth/caller.ts";
import { TokenError } from "../auth/token.ts";
import type { Clock } from "../engine/clock.ts";
import type { Functions } from "../wire/functions.ts";
import { MalformedMessage, readClientMessage } from "../wire/message.ts";
import type { Authenticate, ClientMessage, FunctionRequest } from "../wire/message.ts";
import { Expiry } from "./expiry.ts";
import { Outbox } from "./outbox.ts";
import type { Socket } from "./outbox.ts";
import { QuerySet } from "./query-set.ts";
import { Requests } from "./requests.ts";
import type { QueryRequest, SharedQueries } from "./shared-queries.ts";
import { START, transitionText } from "./version.ts";
import type { Version } from "./version.ts";

const APP_PING_AFTER_MS = 15_000;
const DROP_AFTER_MS = 120_000;
const MOST_UNREAD = 10_000;

/** WebSocket close codes, with reasons by which the official clients choose how long to wait. */
const CLOSE = {
  failure: [1011, "InternalServerError"],
  overload: [1013, "TooManyConcurrentRequests"],
  restart: [1012, "InternalServerError: the server is restarting"],
} as const;

/** What has something to send, and the queries that have to run for it. */
export interface Flushable {
  wanted(): readonly QueryRequest[];
  flush(): void;
}

export interface ConnectionContext {
  readonly functions: Functions;
  readonly queries: SharedQueries;
  readonly callers: Callers;
  readonly clock: Clock;
  /** Flushes it soon, once for all that happens in this turn of the event loop. */
  readonly soon: (connection: Flushable) => void;
  readonly onLog: (line: string) => void;
}

/**
 * One client's sync session: versions, identity, queries and requests. Messages are worked off strictly in the order in
 * which they came, so that a mutation sent after signing in runs as that user.
 */
export class Connection implements Flushable {
  readonly #context: ConnectionContext;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #querySet: QuerySet;
  readonly #requests: Requests;
  readonly #expiry: Expiry;
  #inbox: Promise<void> = Promise.resolve();
  #unread = 0;
  #state: "open" | "draining" | "closed" = "open";
  #sessionId: string | null = null;
  #clientClockSkew = 0;
  #caller: Caller = NOBODY;
  #sent: Version = START;
  /** What the client has told us: the next transition reaches it. */
  #received = { querySet: 0, identity: 0 };
  #owesTransition = false;
  #flushScheduled = false;
  #heardAt: number;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
    const now = () => context.clock.now();
    this.#heardAt = now();
    this.#outbox = new Outbox(socket, now, () => this.#scheduleFlush());
    this.#querySet = new QuerySet(context.queries, () => this.#scheduleFlush());
    this.#expiry = new Expiry(context.clock, () => this.#refuseExpired());
    this.#requests = new Requests(context.functions, {
      answer: (message) => this.#send(message),
      committed: () => this.#oweTransition(),
      failed: (cause) => this.#fail(cause),
    });
  }

  /** A frame arrived. */
  receive(text: string): void {
    this.heard();
    if (this.#state !== "open") return;
    this.#unread += 1;
    if (this.#unread > MOST_UNREAD) {
      this.#close(...CLOSE.overload);
      return;
    }
    this.#inbox = this.#inbox.then(() => this.#work(text));
  }

  /** The client gave a sign of life. */
  heard(): void {
    this.#heardAt = this.#context.clock.now();
  }

  /** Called every five seconds: keeps the line alive and drops a client that has gone silent. */
  beat(): void {
    const now = this.#context.clock.now();
    if (now - this.#heardAt >= DROP_AFTER_MS) {
      this.#socket.terminate();
      return;
    }
    this.#socket.ping();
    if (now - this.#outbox.lastSentAt >= APP_PING_AFTER_MS) this.#send({ type: "Ping" });
  }

  /** Answers what was accepted, takes nothing more, and sends the client away to reconnect. */
  async drain(): Promise<void> {
    if (this.#state !== "open") return;
    await this.#inbox;
    this.#state = "draining";
    await this.#requests.settle();
    this.flush();
    this.#close(...CLOSE.restart);
  }

  /** The socket is gone. */
  closed(): void {
    this.#state = "closed";
    this.#expiry.cancel();
    this.#requests.stop();
    this.#querySet.close();
  }

  async #work(text: string): Promise<void> {
    this.#unread -= 1;
    if (this.#state === "closed") return;
    try {
      const message = readClientMessage(text);
      if (this.#sessionId === null && message.type !== "Connect") {
        throw new MalformedMessage("The first message must be Connect.");
      }
      await this.#handle(message);
    } catch (cause) {
      this.#fail(cause);
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case "Connect":
        return this.#connect(message);
      case "Authenticate":
        return await this.#authenticate(message);
      case "ModifyQuerySet":
        return this.#modifyQuerySet(message);
      case "Mutation":
      case "Action":
        return this.#request(message);
      case "Event":
        return;
    }
  }

  #connect(message: Extract<ClientMessage, { type: "Connect" }>): void {
    if (this.#sessionId !== null) throw new MalformedMessage("The session is connected already.");
    const { maxObservedTimestamp } = message;
    if (maxObservedTimestamp !== null && maxObservedTimestamp > this.#context.functions.latestTs) {
      // The client has seen a later commit than this store holds: another store, or one restored from a backup.
      this.#context.onLog("a client has seen commits that this data directory does not have");
      this.#close(...CLOSE.failure);
      return;
    }
    this.#sessionId = message.sessionId;
    this.#clientClockSkew = message.clientTs - this.#context.clock.now();
  }

  async #authenticate({ baseVersion, credential }: Authenticate): Promise<void> {
    if (baseVersion !== this.#received.identity) throw new MalformedMessage("BaseVersionMismatch");
    let caller: Caller;
    try {
      caller = await this.#identify(credential);
    } catch (cause) {
      if (!(cause instanceof TokenError)) throw cause;
      this.#refuseAuth(cause.message, baseVersion, true);
      return;
    }
    if (this.#state !== "open") return;
    this.#caller = caller;
    this.#received.identity = baseVersion + 1;
    this.#expiry.at(caller.expiresAt);
    this.#querySet.rerun();
    this.#oweTransition();
  }

  async #identify(credential: Authenticate["credential"]): Promise<Caller> {
    const { callers } = this.#context;
    if (credential.kind === "none") return NOBODY;
    return credential.kind === "user"
      ? await callers.user(credential.token)
      : callers.admin(credential.key, credential.actingAs);
  }

  #modifyQuerySet(message: Extract<ClientMessage, { type: "ModifyQuerySet" }>): void {
    const { baseVersion, newVersion, modifications } = message;
    if (baseVersion !== this.#received.querySet || newVersion <= baseVersion) {
      throw new MalformedMessage("BaseVersionMismatch");
    }
    this.#querySet.modify(modifications);
    this.#received.querySet = newVersion;
    this.#oweTransition();
  }

  #request(request: FunctionRequest): void {
    if (this.#requests.isFull) {
      this.#close(...CLOSE.overload);
      return;
    }
    const { identity, expiresAt } = this.#caller;
    this.#requests.add(request, {
      sessionId: this.#sessionId ?? "",
      identity,
      check: () => {
        if (expiresAt !== null && expiresAt <= this.#context.clock.now()) {
          throw new TokenError("The token has expired.");
        }
      },
    });
  }

  #oweTransition(): void {
    this.#owesTransition = true;
    this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#state === "closed") return;
    this.#flushScheduled = true;
    this.#context.soon(this);
  }

  wanted(): QueryRequest[] {
    return this.#mayRun ? this.#querySet.staleRequests(this.#caller.identity) : [];
  }

  get #mayRun(): boolean {
    return this.#state !== "closed" && this.#outbox.hasRoom && !this.#expiry.hasPassed;
  }

  flush(): void {
    this.#flushScheduled = false;
    try {
      this.#transition();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** Sends what the client lacks, unless the line is full: then all of it goes in one transition later. */
  #transition(): void {
    if (this.#state === "closed" || !this.#outbox.hasRoom) return;
    if (!this.#owesTransition && !this.#querySet.hasStale) return;
    if (this.#expiry.hasPassed) {
      this.#refuseExpired();
      return;
    }
    const modifications = this.#querySet.takeModifications(this.#caller.identity);
    if (!this.#owesTransition && modifications.length === 0) return;
    const { functions, clock } = this.#context;
    const to = { ...this.#received, ts: functions.latestTs };
    this.#outbox.sendTransition(
      transitionText({
        from: this.#sent,
        to,
        modifications,
        clientClockSkew: this.#clientClockSkew,
        now: clock.now(),
      }),
    );
    this.#sent = to;
    this.#owesTransition = false;
  }

  #fail(cause: unknown): void {
    if (cause instanceof MalformedMessage) {
      this.#send({ type: "FatalError", error: cause.message });
      this.#close();
    } else if (cause instanceof TokenError) {
      this.#refuseExpired();
    } else {
      this.#context.onLog(`sync connection failed: ${String(cause)}`);
      this.#close(...CLOSE.failure);
    }
  }

  #refuseExpired(): void {
    this.#refuseAuth("The token has expired.", this.#received.identity - 1, false);
  }

  #refuseAuth(error: string, baseVersion: number, authUpdateAttempted: boolean): void {
    this.#send({ type: "AuthError", error, baseVersion, authUpdateAttempted });
    this.#close();
  }

  #send(message: object): void {
    if (this.#state !== "closed") this.#outbox.send(message);
  }

  #close(code?: number, reason?: string): void {
    if (this.#state === "closed") return;
    this.closed();
    this.#socket.close(code, reason);
  }
}
