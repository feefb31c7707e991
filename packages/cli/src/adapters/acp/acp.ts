import { RequestError } from "@agentclientprotocol/sdk";
import { setTimeout as sleep } from "node:timers/promises";
import { HarnessUnusable } from "../adapter.ts";
import type { Adapter, Turn, TurnResult } from "../adapter.ts";
import { plain, signInFirst } from "./handshake.ts";
import { Link } from "./link.ts";
import type { LinkOptions } from "./link.ts";
import { RunningTurn } from "./running-turn.ts";

export interface AcpOptions extends LinkOptions {
  /** How long a program may say nothing in a turn while no tool runs and nobody is asked. */
  readonly silenceMs: number;
  /** How long it may go on with a turn that was cancelled. Default 5 s. */
  readonly cancelMs?: number;
}

/** Drives any program that speaks the Agent Client Protocol on its stdin and stdout. */
export function acpAdapter(options: AcpOptions): Adapter {
  return new AcpAdapter(options);
}

class AcpAdapter implements Adapter {
  readonly remembers = true;
  readonly #options: AcpOptions;
  readonly #closing = new AbortController();
  #link: Promise<Link> | null = null;
  #running: { turn: RunningTurn; cancel: () => void } | null = null;

  constructor(options: AcpOptions) {
    this.#options = options;
  }

  async open(): Promise<{ fresh: boolean }> {
    return { fresh: (await this.#linked()).fresh };
  }

  async prompt(text: string, turn: Turn): Promise<TurnResult> {
    const link = await this.#linked();
    const { silenceMs } = this.#options;
    const running = new RunningTurn(turn, { silenceMs, spent: link.spent });
    const { promise: overdue, resolve: giveUp } = Promise.withResolvers<"overdue">();
    this.#running = { turn: running, cancel: () => this.#cancel(link, running, giveUp) };
    link.turn = running;
    const silent = running.silent.then(() => "silent" as const);
    try {
      const end = await Promise.race([link.prompt(text), silent, overdue]);
      if (end === "silent") throw link.gone(this.#silence());
      if (end === "overdue") {
        await this.#drop(link);
        return { text: running.answer.read(), stopReason: "cancelled" };
      }
      await link.spend(running.spent).catch(() => undefined);
      if (end.usage !== undefined) turn.emit({ kind: "usage", usage: end.usage });
      return { text: running.answer.read(), stopReason: end.stopReason };
    } catch (error) {
      if (error instanceof RequestError) return this.#failed(running, error);
      await this.#drop(link);
      if (running.cancelled) return { text: running.answer.read(), stopReason: "cancelled" };
      throw error;
    } finally {
      link.turn = null;
      this.#running = null;
      running.over();
    }
  }

  cancel(): void {
    this.#running?.cancel();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const link = await this.#link?.catch(() => null);
    await link?.end();
  }

  /** The program with its session; started again if it ended between two turns, or its last turn ended with it. */
  async #linked(): Promise<Link> {
    const last = await this.#link?.catch(() => null);
    if (last != null && !(await last.isUsable())) await this.#drop(last);
    if (this.#closing.signal.aborted) throw new HarnessUnusable("The session is closed.");
    const link = (this.#link ??= Link.open(this.#options, this.#closing.signal));
    return await link.catch((error: unknown) => {
      this.#link = null;
      throw error;
    });
  }

  async #drop(link: Link): Promise<void> {
    this.#link = null;
    await link.end();
  }

  #cancel(link: Link, running: RunningTurn, giveUp: (how: "overdue") => void): void {
    if (running.cancelled) return;
    running.cancel();
    link.cancel().catch(() => {});
    void sleep(this.#options.cancelMs ?? CANCEL_MS, undefined, { ref: false }).then(() =>
      giveUp("overdue"),
    );
  }

  #silence(): string {
    const { silenceMs } = this.#options;
    return `said nothing for ${silenceMs / 1_000} s, with no tool running and nobody asked`;
  }

  /** The program lives and says itself why this turn failed. */
  #failed(running: RunningTurn, error: RequestError): TurnResult {
    if (running.cancelled) return { text: running.answer.read(), stopReason: "cancelled" };
    const { name } = this.#options;
    const words = plain(detailOf(error));
    const text =
      signInFirst(name, [], error)?.message ?? `${name} could not finish the turn: ${words}`;
    return { text, stopReason: "failed" };
  }
}

const CANCEL_MS = 5_000;

function detailOf({ message, data }: RequestError): string {
  if (typeof data !== "object" || data === null) return message;
  const details = "details" in data ? data.details : "message" in data ? data.message : undefined;
  return typeof details === "string" ? `${message}: ${details}` : message;
}
