import { client, methods, MessageTooLargeError } from "@agentclientprotocol/sdk";
import type { Usage } from "@muster/core";
import type { ClientConnection, McpServer, PromptResponse } from "@agentclientprotocol/sdk";
import { setTimeout as sleep } from "node:timers/promises";
import { HarnessDied, HarnessUnusable } from "../adapter.ts";
import type { Place } from "../adapter.ts";
import { plain, shakeHands } from "./handshake.ts";
import type { OpenSession } from "./handshake.ts";
import type { SessionMemory } from "./memory.ts";
import { Program } from "./program.ts";
import type { RunningTurn } from "./running-turn.ts";
import { wireOf } from "./wire.ts";
import type { Wire } from "./wire.ts";

export interface LinkOptions {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly model: string | null;
  readonly place: Place;
  readonly memory: SessionMemory;
  /** Our own tools, for a program that is marked so. */
  readonly tools: (marker: string) => McpServer[];
}

/** How long a program may take until its session is open. */
const OPEN_MS = 45_000;
/** A program that closes its output is about to end, and then its exit says more. */
const EXIT_MS = 300;

/** A living program with an open session. */
export class Link {
  /** Resolves once, with the reason, when the program is of no use any more. */
  readonly #broken: Promise<string>;
  /** The turn that updates and questions belong to; those that come between turns belong to none. */
  turn: RunningTurn | null = null;
  #session: OpenSession = { sessionId: "", spent: 0, fresh: true };
  #isBroken = false;
  readonly #name: string;
  readonly #memory: SessionMemory;
  readonly #program: Program;
  readonly #wire: Wire;
  readonly #connection: ClientConnection;
  #ended: Promise<void> | null = null;

  private constructor({ name, memory }: LinkOptions, program: Program) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#broken = promise;
    void promise.then(() => (this.#isBroken = true));
    this.#name = name;
    this.#memory = memory;
    this.#program = program;
    this.#wire = wireOf(program, { onOutput: () => this.turn?.heard(), onBad: resolve });
    this.#connection = this.#connect();
    void program.exited.then(resolve);
    void this.#closed().then(resolve);
  }

  /** Starts the program and opens its session; aborting `signal` ends both. @throws HarnessUnusable */
  static async open(options: LinkOptions, signal: AbortSignal): Promise<Link> {
    const { name, argv, place } = options;
    const link = new Link(options, await Program.start(name, argv, place));
    try {
      const how = { ...options, workingDir: place.workingDir };
      const mcpServers = options.tools(link.#program.marker);
      const hands = shakeHands(link.#connection.agent, { ...how, mcpServers });
      const late = AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]);
      link.#session = await Promise.race([
        // A connection that closes rejects what is under way; why it did is the better reason.
        hands.catch(async (error: unknown) => {
          link.#throwUnlessClosed(error);
          return await link.#failure(late);
        }),
        link.#failure(late),
      ]);
      return link;
    } catch (error) {
      await link.end();
      if (error instanceof HarnessUnusable) throw error;
      const words = plain(error instanceof Error ? error.message : String(error));
      throw new HarnessUnusable(`${name} cannot be used: ${words}`, { cause: error });
    }
  }

  /** Whether the session knows nothing of earlier turns. */
  get fresh(): boolean {
    return this.#session.fresh;
  }

  /** What the session has cost so far. */
  get spent(): number {
    return this.#session.spent;
  }

  async spend(total: number): Promise<void> {
    if (total === this.spent) return;
    this.#session = { ...this.#session, spent: total };
    const { sessionId, spent } = this.#session;
    await this.#memory.keep({ sessionId, spent });
  }

  /** Whether a prompt can be given. The news of a program's end may still be on its way. */
  async isUsable(): Promise<boolean> {
    return !this.#isBroken && (await this.#program.isAlive());
  }

  /** @throws RequestError for what the program says went wrong, HarnessDied */
  async prompt(text: string): Promise<{ stopReason: PromptResponse["stopReason"]; usage?: Usage }> {
    this.#wire.newTurn();
    const asked = this.#connection.agent.request(methods.agent.session.prompt, {
      sessionId: this.#session.sessionId,
      prompt: [{ type: "text", text }],
    });
    const answer = await Promise.race<PromptResponse>([
      asked.catch(async (error: unknown) => {
        this.#throwUnlessClosed(error);
        return await this.#death();
      }),
      this.#death(),
    ]);
    // What was said before the answer has been heard before it, but is handled after it.
    await sleep(0);
    const usage = usageOf(answer);
    return { stopReason: answer.stopReason, ...(usage === null ? {} : { usage }) };
  }

  async cancel(): Promise<void> {
    const { agent } = this.#connection;
    await agent.notify(methods.agent.session.cancel, { sessionId: this.#session.sessionId });
  }

  /** When it resolves, nothing of the program is left. */
  async end(): Promise<void> {
    this.#ended ??= this.#end();
    await this.#ended;
  }

  /** That the program is of no use any more, in one sentence and its own last words. */
  gone(reason: string): HarnessDied {
    const words = this.#program.lastWords;
    const sentence = `${this.#name} ${reason}.`;
    return new HarnessDied(words === "" ? sentence : `${sentence}\n\n${words}`);
  }

  #throwUnlessClosed(error: unknown): void {
    if (!this.#connection.signal.aborted) throw error;
  }

  async #death(): Promise<never> {
    throw this.gone(await this.#broken);
  }

  async #closed(): Promise<string> {
    await this.#connection.closed;
    await Promise.race([this.#program.exited, sleep(EXIT_MS)]);
    const tooLong = this.#connection.signal.reason instanceof MessageTooLargeError;
    return tooLong ? "wrote a message without end" : "closed its output";
  }

  async #end(): Promise<void> {
    this.#connection.close();
    await this.#program.end();
  }

  async #failure(late: AbortSignal): Promise<never> {
    const reason = await Promise.race([
      this.#broken,
      new Promise<string>((resolve) => {
        const out = () =>
          resolve(
            late.reason instanceof DOMException && late.reason.name === "TimeoutError"
              ? `did not open a session within ${OPEN_MS / 1_000} s`
              : "was ended before it opened a session",
          );
        if (late.aborted) out();
        else late.addEventListener("abort", out, { once: true });
      }),
    ]);
    const words = plain(this.#program.lastWords);
    throw new HarnessUnusable(
      `${this.#name} cannot be used: it ${reason}${words === "" ? "." : `, and said: ${words}`}`,
    );
  }

  #connect(): ClientConnection {
    return client({ name: "muster" })
      .onNotification(methods.client.session.update, ({ params }) => {
        if (params.sessionId === this.#session.sessionId) this.turn?.update(params.update);
      })
      .onRequest(methods.client.session.requestPermission, async ({ params, signal }) => ({
        outcome: (await this.turn?.permission(params, signal)) ?? { outcome: "cancelled" },
      }))
      .connect(this.#wire.stream);
  }
}

/** Tokens of the turn, which programs tell although the protocol does not fix them yet. */
function usageOf(answer: PromptResponse): Usage | null {
  const { usage: told } = answer as { usage?: Record<string, unknown> | null };
  if (typeof told !== "object" || told === null) return null;
  const { inputTokens, outputTokens } = told;
  const usage = {
    ...(isCount(inputTokens) ? { inputTokens } : {}),
    ...(isCount(outputTokens) ? { outputTokens } : {}),
  };
  return Object.keys(usage).length === 0 ? null : usage;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
