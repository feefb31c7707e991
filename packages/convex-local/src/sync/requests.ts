import type { FunctionRequest } from "../wire/message.ts";
import type { Functions } from "../wire/functions.ts";
import { encodeTimestamp } from "../wire/timestamp.ts";
import type { Identity, Outcome } from "../engine/engine.ts";

const MOST_WAITING = 1_000;

/** Who asked, captured when the request arrived: a later sign-out does not change an earlier request. */
export interface Requester {
  readonly sessionId: string;
  readonly identity: Identity;
  /** Throws when the identity has expired; the request then does not run and gets no answer. */
  readonly check: () => void;
}

export interface RequestEvents {
  answer(message: object): void;
  /** A mutation was answered with success: a transition has to follow, even an empty one. */
  committed(): void;
  /** The request could not run and must be sent again on a new connection. */
  failed(cause: unknown): void;
}

/**
 * The mutations and actions of one connection. Actions run side by side; a mutation begins only when the one before is
 * durable, so that one whose commit failed is not overtaken when the client sends both again.
 */
export class Requests {
  readonly #functions: Functions;
  readonly #events: RequestEvents;
  readonly #actions = new Set<Promise<void>>();
  #mutations: Promise<void> = Promise.resolve();
  #waiting = 0;
  #stopped = false;

  constructor(functions: Functions, events: RequestEvents) {
    this.#functions = functions;
    this.#events = events;
  }

  get isFull(): boolean {
    return this.#waiting >= MOST_WAITING || this.#actions.size >= MOST_WAITING;
  }

  add(request: FunctionRequest, requester: Requester): void {
    if (request.type === "Action") {
      const action = this.#guarded(() => this.#act(request, requester)).finally(() =>
        this.#actions.delete(action),
      );
      this.#actions.add(action);
      return;
    }
    this.#waiting += 1;
    this.#mutations = this.#mutations
      .then(() => this.#guarded(() => this.#mutate(request, requester)))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** What has not begun does not run any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when every mutation accepted so far is answered. */
  async settle(): Promise<void> {
    await this.#mutations;
  }

  async #guarded(run: () => Promise<void>): Promise<void> {
    if (this.#stopped) return;
    try {
      await run();
    } catch (cause) {
      this.#events.failed(cause);
    }
  }

  async #mutate({ requestId, path, args }: FunctionRequest, requester: Requester): Promise<void> {
    requester.check();
    const { identity, sessionId } = requester;
    const outcome = await this.#functions.mutation(
      { path, args, identity, caller: "client" },
      { sessionId, requestId },
    );
    this.#events.answer({
      type: "MutationResponse",
      requestId,
      ...resultOf(this.#functions.publish(outcome)),
      ts: outcome.ts === null ? null : encodeTimestamp(outcome.ts),
    });
    if (outcome.success) this.#events.committed();
  }

  async #act({ requestId, path, args }: FunctionRequest, requester: Requester): Promise<void> {
    requester.check();
    const { identity } = requester;
    const outcome = await this.#functions.action({ path, args, identity, caller: "client" });
    this.#events.answer({
      type: "ActionResponse",
      requestId,
      ...resultOf(this.#functions.publish(outcome)),
    });
  }
}

function resultOf(outcome: Outcome): object {
  if (outcome.success) {
    return { success: true, result: outcome.value, logLines: outcome.logLines };
  }
  const { errorMessage, errorData, logLines } = outcome;
  return { success: false, result: errorMessage, errorData, logLines };
}
