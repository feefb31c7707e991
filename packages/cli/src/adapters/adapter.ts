/** What an adapter needs to know about the work of one turn. */
export interface TurnContext {
  readonly taskId: string;
  /** Who asked: `user` for a person, else a role. */
  readonly from: string;
  /** The words of whoever asked, without the rules around them. */
  readonly request: string;
  readonly workingDir: string;
  /** The whole environment of the harness. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborting it ends the turn and everything that it started. */
  readonly signal: AbortSignal;
}

/** How a turn ended. A failed turn is news for the room, not the end of the agent. */
export interface TurnResult {
  /** The harness's answer; for a turn that failed, one clear sentence about it. */
  readonly text: string;
  readonly stopReason: "end_turn" | "failed" | "timed_out" | "cancelled";
}

/** Translates one harness and does nothing else. */
export interface Adapter {
  /** Makes sure that turns can be given. @throws HarnessUnusable */
  open(): Promise<void>;
  /** Gives the harness one prompt and waits until it stops. @throws HarnessDied */
  turn(prompt: string, context: TurnContext): Promise<TurnResult>;
}

/** The harness cannot be used on this machine; the message says why in one sentence. */
export class HarnessUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HarnessUnusable";
  }
}

/** The harness was killed in the middle of a turn. Nobody knows what it has done: its agent ends with it. */
export class HarnessDied extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HarnessDied";
  }
}
