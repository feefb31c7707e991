import type {
  OptionKind,
  PlanEntryStatus,
  REPORTED_STOP_REASONS,
  ToolStatus,
  Usage,
} from "@muster/core";

type ReportedStopReason = (typeof REPORTED_STOP_REASONS)[number];

/** Where a harness works and what it is given besides its prompts. */
export interface Place {
  /** Absolute and without symlinks. */
  readonly workingDir: string;
  /** The whole environment of the harness. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a harness says and does in a turn, as it happens. Texts are its own words: neither bounded nor redacted. */
export type TurnEvent =
  /** The next piece of its answer or of its thoughts. */
  | { readonly kind: "text" | "thought"; readonly text: string }
  /** A tool call; told again with the same id whenever something about it changes. */
  | {
      readonly kind: "tool";
      readonly id: string;
      readonly title: string;
      readonly status: ToolStatus;
      readonly output?: string;
    }
  /** What it intends to do; each plan replaces the one before. */
  | { readonly kind: "plan"; readonly entries: readonly PlanEntry[] }
  | { readonly kind: "usage"; readonly usage: Usage }
  /** Something about the turn that people should know. */
  | { readonly kind: "notice"; readonly text: string };

interface PlanEntry {
  readonly text: string;
  readonly status: PlanEntryStatus;
}

/** Something that the harness may do only if a person allows it. */
export interface Question {
  /** Unique within the turn. */
  readonly requestId: string;
  readonly title: string;
  readonly detail: string;
  readonly options: readonly QuestionOption[];
}

interface QuestionOption {
  readonly optionId: string;
  readonly name: string;
  readonly kind: OptionKind;
}

/** An option that somebody chose; `denied` when nobody answered in time; `cancelled` when the turn ends. */
export type Answer = { readonly optionId: string } | "denied" | "cancelled";

/** One prompt and what belongs to it. */
export interface Turn {
  readonly taskId: string;
  /** The words of whoever asked, without the rules around them. */
  readonly request: string;
  readonly emit: (event: TurnEvent) => void;
  /** Resolves with people's answer. Aborting `signal` takes the question back. Never rejects. */
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>;
}

/** How a turn ended. A failed turn is news for the room, not the end of the agent. */
export interface TurnResult {
  /** The harness's answer; for a turn that failed, one clear sentence about it. */
  readonly text: string;
  readonly stopReason: ReportedStopReason;
}

/** Translates one harness and does nothing else. One session: turns one after the other, and it remembers them. */
export interface Adapter {
  /** Whether a prompt can be about the one before. */
  readonly remembers: boolean;
  /**
   * Makes sure that turns can be given. `fresh` if its session is new: it knows nothing of what the room did before.
   * @throws HarnessUnusable
   */
  open(): Promise<{ readonly fresh: boolean }>;
  /** Gives the harness one prompt and waits until it stops. @throws HarnessDied, HarnessUnusable */
  prompt(text: string, turn: Turn): Promise<TurnResult>;
  /** Ends the running turn, which resolves as `cancelled` in seconds; does nothing between turns. */
  cancel(): void;
  /** Ends the session. When it resolves, nothing that the harness has started is left. */
  close(): Promise<void>;
}

/** The harness cannot be used on this machine; the message says why in one sentence. */
export class HarnessUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HarnessUnusable";
  }
}

/** The harness cannot be used before a person has done what the message says: installed it, signed in, chosen another. */
export class HarnessMissing extends HarnessUnusable {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HarnessMissing";
  }
}

/** The harness ended in the middle of a turn, or had to be. Nobody knows what it has done: its agent ends with it. */
export class HarnessDied extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HarnessDied";
  }
}
