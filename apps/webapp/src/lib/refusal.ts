import { isWireError } from "@muster/core";
import type { WireError } from "@muster/core";
import { ConvexError } from "convex/values";

/** The backend's own refusal, or null when the error says nothing definite (network, server fault). */
export function refusalOf(error: unknown): WireError | null {
  return error instanceof ConvexError && isWireError(error.data) ? error.data : null;
}

/** One sentence for the person about an error of any kind; never a stack or a request id. */
export function sentenceOf(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal === null) return "Muster could not do that just now. Try again.";
  const { message, hint } = refusal;
  if (hint === undefined) return message;
  return hint.startsWith("muster ") ? `${message} In a terminal: ${hint}` : `${message} ${hint}`;
}
