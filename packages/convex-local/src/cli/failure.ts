import { AdminKeyError } from "../auth/admin-key.ts";
import { EngineError } from "../engine/errors.ts";
import { PortInUse } from "../http/listener.ts";

/** 0 done, 1 could not be done, 2 wrong usage, 3 the database is damaged, or none of this runtime's. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A command was called wrongly; the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a person is told of a failure that they can do something about, and how the command ends; undefined for any other. */
export function failureOf(error: unknown): { sentence: string; code: ExitCode } | undefined {
  if (error instanceof UsageError) {
    return { sentence: `${error.message} See \`convex-local --help\`.`, code: 2 };
  }
  if (error instanceof PortInUse) {
    const sentence = `${error.message} Stop that program, or choose other ports with --port and --site-port.`;
    return { sentence, code: 1 };
  }
  if (error instanceof EngineError) {
    return { sentence: error.message, code: isDamage(error) ? 3 : 1 };
  }
  if (error instanceof AdminKeyError) return { sentence: error.message, code: 1 };
  if (isSystemError(error)) {
    return { sentence: `This computer refuses: ${error.message}.`, code: 1 };
  }
  return undefined;
}

/** A database that the operating system does not give may be in order. */
function isDamage({ kind, cause }: EngineError): boolean {
  return kind === "database_unreadable" && !isSystemError(cause);
}

/** Of a file, a directory or a port that the operating system does not give. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
