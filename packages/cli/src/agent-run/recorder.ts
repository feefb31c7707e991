import { MAX_EVENTS_AT_ONCE } from "@muster/core/turn/turn";
import type { FunctionArgs } from "convex/server";
import type { Usage } from "@muster/core";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError, isUnreachable } from "../errors.ts";
import type { TurnEvent, TurnResult } from "../adapters/adapter.ts";
import { shown } from "./shown.ts";
import { Story } from "./story.ts";

export interface RecordedTurn {
  readonly backend: Backend;
  readonly turnId: string;
  readonly seat: { readonly room: string; readonly role: string; readonly epoch: number };
}

/** How often a running turn is told at most. */
const PAUSE_MS = 1_000;
/** How long the end of a turn is tried to be told, for an agent that ends itself, while the backend is away. */
const END_PATIENCE_MS = 5_000;

export type Diff = NonNullable<FunctionArgs<typeof api.turns.end>["diff"]>;

interface TurnEnd {
  readonly error?: string | undefined;
  /** What its task has changed, if that is known already. */
  readonly diff?: Diff | undefined;
  /** The agent's own life. */
  readonly signal?: AbortSignal;
}

/**
 * Tells the room what happens in a turn, in batches, at most once a second. A room that does not hear it holds up
 * nothing: what could not be told is told with the next batch, and a refusal ends the telling.
 */
export class Recorder {
  readonly #turn: RecordedTurn;
  readonly #story = new Story();
  #recorded = 0;
  #usage: Usage = {};
  #usageChanged = false;
  #activity: string | null = null;
  #told: string | null = null;
  #refused = false;
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  #unsent: ReturnType<Story["take"]> = [];

  constructor(turn: RecordedTurn) {
    this.#turn = turn;
  }

  add(event: TurnEvent): void {
    if (event.kind === "usage") {
      this.#usage = { ...this.#usage, ...event.usage };
      this.#usageChanged = true;
    } else {
      this.#activity = activityOf(event, this.#activity);
      this.#story.add(event);
    }
    this.#soon();
  }

  /** Says what the agent does while nothing else happens: waiting for a person. */
  doing(activity: string | null): void {
    this.#activity = activity;
    this.#soon();
  }

  /**
   * Tells the rest and how the turn ended; while the backend is away as long as `signal` lets it, since a turn that nobody
   * has ended keeps its seat taken. Never rejects: the turn is over in any case.
   */
  async end(stopReason: TurnResult["stopReason"], { error, diff, signal }: TurnEnd): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#sending;
    const { backend, turnId, seat } = this.#turn;
    const end = {
      ...seat,
      turnId,
      stopReason,
      usage: this.#usage,
      ...(error === undefined ? {} : { error: shown(error) }),
    };
    const patient = signal !== undefined && !signal.aborted;
    const how = patient ? { patienceMs: Infinity, signal } : { patienceMs: END_PATIENCE_MS };
    const last = { ...end, ...(await this.#last()), ...(diff === undefined ? {} : { diff }) };
    try {
      await backend.mutate(api.turns.end, last, how);
    } catch (error_) {
      // What came with it may be refused; that it is over is not.
      if (!isUnreachable(error_)) await backend.mutate(api.turns.end, end, how).catch(ignore);
    }
  }

  /** The end takes the last events along; what does not fit goes before it. */
  async #last(): Promise<
    { from: number; events: ReturnType<Story["take"]> } | Record<string, never>
  > {
    for (;;) {
      this.#take({ all: true });
      if (this.#refused || this.#unsent.length === 0) return {};
      if (this.#story.isEmpty) return { from: this.#recorded + 1, events: this.#unsent };
      if (!(await this.#sendBatch())) return {};
    }
  }

  #take(which: { readonly all: boolean }): void {
    const room = MAX_EVENTS_AT_ONCE - this.#unsent.length;
    this.#unsent.push(...this.#story.take(room, which));
  }

  #soon(): void {
    if (this.#timer !== null || this.#refused) return;
    this.#timer = setTimeout(() => {
      this.#take({ all: false });
      this.#sending = this.#sendBatch().then(() => {
        this.#timer = null;
        if (this.#unsent.length > 0 || !this.#story.isEmpty) this.#soon();
        return undefined;
      });
    }, PAUSE_MS);
  }

  /** False if it did not arrive. */
  async #sendBatch(): Promise<boolean> {
    const events = this.#unsent;
    const activity = this.#activity;
    if (this.#refused) return false;
    if (events.length === 0 && activity === this.#told && !this.#usageChanged) return true;
    const { backend, turnId, seat } = this.#turn;
    const usage = this.#usageChanged ? { usage: this.#usage } : {};
    const from = this.#recorded + 1;
    const batch = { ...seat, turnId, from, events, activity, ...usage };
    this.#usageChanged = false;
    try {
      await backend.mutate(api.turns.record, batch);
    } catch (error) {
      this.#usageChanged ||= "usage" in usage;
      this.#refused = error instanceof CliError && !isUnreachable(error);
      return false;
    }
    this.#recorded += events.length;
    this.#told = activity;
    this.#unsent = [];
    return true;
  }
}

function activityOf(event: Exclude<TurnEvent, { kind: "usage" }>, now: string | null) {
  if (event.kind === "tool") {
    if (event.status === "running" || event.status === "pending") return shown(event.title);
    return null;
  }
  if (event.kind === "thought") return "thinking";
  return event.kind === "text" ? "answering" : now;
}

function ignore(): void {}
