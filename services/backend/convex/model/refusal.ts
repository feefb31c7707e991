import { fieldProblem, wireError } from "@muster/core";
import type { WireError, WireErrorKind } from "@muster/core";
import { ConvexError } from "convex/values";

/** A refusal that the caller should understand; thrown, it undoes the whole mutation. */
export function refusal(
  kind: WireErrorKind,
  message: string,
  hint?: string,
): ConvexError<WireError> {
  return new ConvexError(wireError(kind, message, hint));
}

/** What does not exist and what the caller may not know of are answered alike. */
export function notFound(what: string, hint?: string): ConvexError<WireError> {
  return refusal("not_found", `There is no ${what} here that you may see.`, hint);
}

/** @throws `invalid` when there is a problem with the caller's input */
export function requireValid(problem: string | null): void {
  if (problem !== null) throw refusal("invalid", problem);
}

/**
 * Short single-line fields: names, paths, identifiers that a client makes up.
 *
 * @throws `invalid` when one is empty, too long or has control characters
 */
export function requireFields(fields: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) requireValid(fieldProblem(name, value));
}
