/**
 * Every kind of refusal that the backend answers with, as `ConvexError<WireError>`. The CLI maps each
 * kind to an exit code and the webapp to what it offers next; a kind is never reused for another meaning.
 */
export const WIRE_ERROR_KINDS = [
  /** No such room, role, task, machine … or none that the caller may know of. */
  "not_found",
  /** No identity, or one that was revoked. */
  "not_signed_in",
  /** Known, but without the right. */
  "not_allowed",
  /** A one-time link or code is used up or too old. */
  "expired",
  /** The status does not allow this now. */
  "illegal_transition",
  /** The claim token is not the task's last one: somebody else has it, or it is over. Nothing changed. */
  "stale_claim",
  /** Another process took the seat; the caller must not rejoin by itself. */
  "superseded",
  /** The caller's lease is over but its seat is free: join again, then go on. */
  "rejoin_required",
  /** People want this agent stopped: it may not join. */
  "stopped",
  /** The room was archived: nothing happens in it until a person takes it back. */
  "archived",
  /** Malformed input. */
  "invalid",
  /** Well-formed input over a size limit. */
  "too_large",
  /** It exists already, or changed meanwhile. */
  "conflict",
  /** A budget or a rate is used up; later it may pass. */
  "limit",
] as const;
export type WireErrorKind = (typeof WIRE_ERROR_KINDS)[number];

/** The data of a `ConvexError` that the caller should understand. `message` is one clear sentence. */
export type WireError = {
  readonly kind: WireErrorKind;
  readonly message: string;
  /** What to do now, preferably a command. */
  readonly hint?: string;
};

/** Composes the data of a refusal; the backend throws it as `new ConvexError(wireError(…))`. */
export function wireError(kind: WireErrorKind, message: string, hint?: string): WireError {
  return hint === undefined ? { kind, message } : { kind, message, hint };
}

/** Whether a value that arrived as an error's data is one of ours. Never throws. */
export function isWireError(value: unknown): value is WireError {
  if (typeof value !== "object" || value === null) return false;
  if (!("kind" in value) || !("message" in value)) return false;
  return (
    WIRE_ERROR_KINDS.some((known) => known === value.kind) &&
    typeof value.message === "string" &&
    (!("hint" in value) || value.hint === undefined || typeof value.hint === "string")
  );
}
