import type { WireError } from "@muster/core";
import { refusalOf } from "#lib/refusal.ts";

export type SignInState =
  | { readonly step: "signed_out" }
  | { readonly step: "redeeming" }
  /** `retry` holds the code when the backend never saw it, so that it is still good. */
  | { readonly step: "failed"; readonly sentence: string; readonly retry: string | null };

export interface SignInParts {
  readonly redeem: (code: string) => Promise<{ secret: string }>;
  /** Keeps the secret; the page is signed in from then on. */
  readonly keep: (secret: string) => void;
  readonly report: (state: SignInState) => void;
}

/** Trades a one-time code for this browser's own credential. Reports what happened and never rejects. */
export async function redeemCode(code: string, parts: SignInParts): Promise<void> {
  parts.report({ step: "redeeming" });
  try {
    const { secret } = await parts.redeem(code);
    parts.keep(secret);
    parts.report({ step: "signed_out" });
  } catch (error) {
    const refusal = refusalOf(error);
    parts.report({
      step: "failed",
      sentence: refusal === null ? UNREACHABLE : whyRefused(refusal),
      retry: refusal === null ? code : null,
    });
  }
}

const UNREACHABLE = "Muster did not answer, so this link could not be used.";
const SPENT = "This sign-in link is used up or more than ten minutes old.";

function whyRefused(refusal: WireError): string {
  const spent = ["expired", "not_signed_in", "not_found"].includes(refusal.kind);
  return spent ? SPENT : refusal.message;
}

/** How the new credential is called in the list of what may sign in, so that a person can tell them apart. */
export function browserLabel(userAgent: string): string {
  const browser =
    ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((name) => userAgent.includes(`${name}/`)) ??
    "Browser";
  const system = ["Windows", "Mac OS X", "Android", "iPhone", "Linux"].find((name) =>
    userAgent.includes(name),
  );
  const named = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system === undefined ? named : `${named} on ${system.replace("Mac OS X", "macOS")}`;
}
