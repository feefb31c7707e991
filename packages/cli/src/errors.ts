import type { WireErrorKind } from "@muster/core";

/**
 * The exit codes of `muster`: a promise to scripts and agents, never renumbered.
 * `again` means that nothing went wrong and the same command should be called again.
 */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notFound: 3,
  notSignedIn: 4,
  notAllowed: 5,
  conflict: 6,
  unreachable: 7,
  overLimit: 8,
  unanswered: 9,
  again: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const exitByWireKind: Readonly<Record<WireErrorKind, ExitCode>> = {
  not_found: EXIT.notFound,
  not_signed_in: EXIT.notSignedIn,
  expired: EXIT.notSignedIn,
  not_allowed: EXIT.notAllowed,
  illegal_transition: EXIT.conflict,
  stale_claim: EXIT.conflict,
  superseded: EXIT.conflict,
  rejoin_required: EXIT.conflict,
  stopped: EXIT.conflict,
  archived: EXIT.conflict,
  conflict: EXIT.conflict,
  invalid: EXIT.usage,
  too_large: EXIT.overLimit,
  limit: EXIT.overLimit,
};

/** Kinds that only this side can know: the backend was never asked, or did not answer. */
const exitByLocalKind: Readonly<Record<string, ExitCode>> = {
  usage: EXIT.usage,
  unreadable_file: EXIT.usage,
  unreachable: EXIT.unreachable,
  unanswered: EXIT.unanswered,
  void: EXIT.unanswered,
  interrupted: EXIT.interrupted,
  terminated: EXIT.terminated,
};

function exitOf(kind: string): ExitCode {
  const known: Readonly<Record<string, ExitCode>> = { ...exitByLocalKind, ...exitByWireKind };
  return known[kind] ?? EXIT.unexpected;
}

/**
 * A refusal that the caller should understand: `kind` for programs, one clear sentence for people, `hint` says what to do.
 * Everything else that is thrown is unexpected and ends with 1.
 */
export class CliError extends Error {
  readonly kind: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;

  constructor(
    kind: string,
    message: string,
    options: { hint?: string | undefined; cause?: unknown; exit?: ExitCode } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CliError";
    this.kind = kind;
    this.hint = options.hint;
    this.exit = options.exit ?? exitOf(kind);
  }
}

/** The `{kind, message, hint?}` that a `ConvexError` carries, or null for anything else that was thrown. */
function refusalOf(error: unknown): { kind: string; message: string; hint?: string } | null {
  if (!(error instanceof Error) || !("data" in error)) return null;
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null) return null;
  if (!("kind" in data) || typeof data.kind !== "string") return null;
  const message = "message" in data && typeof data.message === "string" ? data.message : data.kind;
  return "hint" in data && typeof data.hint === "string"
    ? { kind: data.kind, message, hint: data.hint }
    : { kind: data.kind, message };
}

const NETWORK_CODES = /^(ECONN|EPIPE|EHOST|ENET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|UND_ERR)/;

/** The `code` of a reply that the interface gave instead of running the function; clients throw its text. */
function replyCode(error: Error): string | null {
  return /^\s*\{"code":"(\w+)"/.exec(error.message)?.[1] ?? null;
}

/** It is starting or stopping, or its disk fails: what was asked may be asked again. */
const LATER = new Set(["NotReady", "InternalServerError"]);

/** Whether the backend was not reached or did not answer in time: nothing is known about the effect of the call. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof CliError) return error.kind === "unreachable";
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError") return true;
  if ("code" in error && typeof error.code === "string" && NETWORK_CODES.test(error.code)) {
    return true;
  }
  if (error instanceof TypeError && error.message === "fetch failed") return true;
  if (LATER.has(replyCode(error) ?? "")) return true;
  return error.cause !== undefined && isUnreachable(error.cause);
}

/** What a call to the backend at `url` threw, as a `CliError`. */
export function fromBackend(error: unknown, url: string): CliError {
  if (error instanceof CliError) return error;
  const refusal = refusalOf(error);
  if (refusal !== null) {
    return new CliError(refusal.kind, refusal.message, { hint: refusal.hint, cause: error });
  }
  if (isUnreachable(error)) {
    return new CliError("unreachable", `No Muster backend answers at ${url}.`, {
      hint: "Start it with `muster up`, or set MUSTER_URL to where it runs.",
      cause: error,
    });
  }
  if (error instanceof Error && replyCode(error) === "Unauthenticated") {
    return new CliError("not_signed_in", `${url} does not accept this credential any more.`, {
      hint: "Run `muster up` on the machine of the backend: it signs its owner in again.",
      cause: error,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("ArgumentValidationError")) {
    return new CliError("invalid", "The backend did not accept an argument of this command.", {
      hint: "An id may be misspelt, or this muster may be older than its backend.",
      cause: error,
    });
  }
  return new CliError("unexpected", firstLine(message), { cause: error });
}

/** Any thrown value as a `CliError`. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CliError("unexpected", firstLine(message), { cause: error });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
