import type { JSONValue } from "convex/values";
import type { RandomSource } from "./clock.ts";
import type { Identity, Outcome } from "./engine.ts";
import { attributesOf } from "./execution.ts";
import { DeveloperError } from "./failure.ts";

/** `text` is the result's JSON. */
export function succeeded(text: string, logLines: readonly string[]): Outcome & { success: true } {
  return { success: true, value: JSON.parse(text) as JSONValue, logLines };
}

/** The same for a query, whose value is read from its text when somebody asks for it. */
export function answered(
  text: string,
  logLines: readonly string[],
): Outcome & { success: true; text: string } {
  return {
    success: true,
    get value() {
      return JSON.parse(text) as JSONValue;
    },
    text,
    logLines,
  };
}

/** What a caller is told of a function's failure. Rethrows what is no function's failure. */
export function failed(
  error: unknown,
  logLines: readonly string[],
  random: RandomSource,
): Outcome & { success: false } {
  if (!(error instanceof DeveloperError)) throw error;
  const request = Buffer.from(random.bytes(8)).toString("hex");
  const errorMessage = `[Request ID: ${request}] Server Error\n${error.message}`;
  return error.data === undefined
    ? { success: false, errorMessage, logLines }
    : { success: false, errorMessage, errorData: error.data, logLines };
}

/** The failure as a calling function sees it, without the request's id. */
export function asFailure(outcome: Outcome & { success: false }): DeveloperError {
  return new DeveloperError(
    outcome.errorMessage.replace(/^\[Request ID: .*\] Server Error\n/, ""),
    outcome.errorData,
  );
}

/** Who a stored answer belongs to: it outlives tokens, so it holds no claim that changes with them. */
export function identityKey(identity: Identity): string {
  const attributes = attributesOf(identity);
  return JSON.stringify([identity.kind, attributes?.["tokenIdentifier"] ?? null]);
}
