/** What an agent tells its daemon over IPC. A daemon believes nothing else about an agent it has started. */
export type FromAgent =
  /** The seat is taken: from here on the daemon's beat carries this epoch and holder. */
  | { readonly kind: "joined"; readonly epoch: number; readonly holderId: string }
  /** The agent's loop is alive; the age of the last tick is its loop's age. */
  | { readonly kind: "tick" }
  | { readonly kind: "task_started" };

/** What the machine's last beat said about this agent. */
export type BeatAnswer = "ok" | "rejoin_required" | "superseded" | "stop";
export type ToAgent = { readonly kind: "beat"; readonly answer: BeatAnswer };

/** Reads a message of unknown origin; null for what is none of ours. */
export function fromAgent(message: unknown): FromAgent | null {
  const { kind, epoch, holderId } = fieldsOf(message);
  if (kind === "tick" || kind === "task_started") return { kind };
  if (kind !== "joined" || typeof epoch !== "number" || typeof holderId !== "string") return null;
  return { kind, epoch, holderId };
}

/** Reads a message of unknown origin; null for what is none of ours. */
export function toAgent(message: unknown): ToAgent | null {
  const { kind, answer } = fieldsOf(message);
  return kind === "beat" && isBeatAnswer(answer) ? { kind, answer } : null;
}

function isBeatAnswer(value: unknown): value is BeatAnswer {
  return ["ok", "rejoin_required", "superseded", "stop"].some((known) => known === value);
}

function fieldsOf(message: unknown): Record<string, unknown> {
  return typeof message === "object" && message !== null ? { ...message } : {};
}
