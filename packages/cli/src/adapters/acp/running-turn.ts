import { randomUUID } from "node:crypto";
import type {
  PermissionOption,
  RequestPermissionOutcome,
  RequestPermissionRequest,
  SessionUpdate,
} from "@agentclientprotocol/sdk";
import type { Usage } from "@muster/core";
import { AnswerText } from "../answer.ts";
import type { Turn } from "../adapter.ts";
import { Silence } from "./silence.ts";
import { Updates } from "./updates.ts";

const CANCELLED = { outcome: "cancelled" } as const;

/** One prompt on its way: what the program tells meanwhile, and what it asks. */
export class RunningTurn {
  readonly answer = new AnswerText();
  /** Rejects never; resolves when the program has been silent for too long. */
  readonly silent: Promise<void>;
  readonly #turn: Turn;
  readonly #updates = new Updates();
  readonly #silence: Silence;
  readonly #ending = new AbortController();
  readonly #spentBefore: number;
  #asking = 0;
  /** What the session has cost, as far as it was told. */
  spent: number;

  /** `spent`: what the session has cost before this turn. */
  constructor(turn: Turn, { silenceMs, spent }: { silenceMs: number; spent: number }) {
    this.#turn = turn;
    this.spent = spent;
    this.#spentBefore = spent;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.silent = promise;
    this.#silence = new Silence({
      afterMs: silenceMs,
      excused: () => this.#asking > 0 || this.#updates.toolRuns,
      onSilent: resolve,
    });
  }

  get cancelled(): boolean {
    return this.#ending.signal.aborted;
  }

  heard(): void {
    this.#silence.heard();
  }

  update(update: SessionUpdate): void {
    const event = this.#updates.event(update);
    if (event === null) return;
    if (event.kind === "usage") return this.#use(event.usage);
    if (event.kind === "text") this.answer.add(event.text);
    if (event.kind === "tool") this.answer.separate();
    this.#turn.emit(event);
  }

  /** Programs tell what the whole session has cost. */
  #use({ cost, ...usage }: Usage): void {
    if (cost === undefined) return this.#turn.emit({ kind: "usage", usage });
    this.spent = cost.amount;
    const amount = Math.max(0, cost.amount - this.#spentBefore);
    this.#turn.emit({ kind: "usage", usage: { ...usage, cost: { ...cost, amount } } });
  }

  async permission(
    request: RequestPermissionRequest,
    withdrawn: AbortSignal,
  ): Promise<RequestPermissionOutcome> {
    if (this.cancelled) return CANCELLED;
    this.#asking += 1;
    try {
      const signal = AbortSignal.any([withdrawn, this.#ending.signal]);
      const answer = await this.#turn.ask(questionOf(request), signal);
      if (answer === "cancelled" || signal.aborted) return CANCELLED;
      return answer === "denied" ? refusal(request.options) : chosen(request, answer.optionId);
    } finally {
      this.#asking -= 1;
      this.heard();
    }
  }

  /** Takes its open questions back. */
  cancel(): void {
    this.#ending.abort();
  }

  over(): void {
    this.#silence.stop();
    this.#ending.abort();
  }
}

function questionOf({ toolCall, options }: RequestPermissionRequest) {
  return {
    requestId: randomUUID(),
    title: toolCall.title ?? "use a tool",
    detail: detailOf(toolCall),
    options: options.map(({ optionId, name, kind }) => ({ optionId, name, kind })),
  };
}

function detailOf({ rawInput, locations }: RequestPermissionRequest["toolCall"]): string {
  const places = (locations ?? []).map(({ path }) => path).join("\n");
  if (typeof rawInput !== "object" || rawInput === null) return places;
  if ("command" in rawInput && typeof rawInput.command === "string") return rawInput.command;
  const input = JSON.stringify(rawInput, null, 2);
  return input === "{}" ? places : input;
}

/** An answer that the program did not offer allows nothing. */
function chosen(request: RequestPermissionRequest, optionId: string): RequestPermissionOutcome {
  const offered = request.options.some((option) => option.optionId === optionId);
  return offered ? { outcome: "selected", optionId } : refusal(request.options);
}

/** No, in the program's own words, for this one time. */
function refusal(options: readonly PermissionOption[]): RequestPermissionOutcome {
  const no =
    options.find(({ kind }) => kind === "reject_once") ??
    options.find(({ kind }) => kind === "reject_always");
  return no === undefined ? CANCELLED : { outcome: "selected", optionId: no.optionId };
}
