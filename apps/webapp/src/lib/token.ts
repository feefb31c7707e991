import type { WireErrorKind } from "@muster/core";
import { refusalOf } from "#lib/refusal.ts";

export interface Token {
  readonly token: string;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly expiresAt: number;
}

/** What the Convex client calls for a token: null means signed out, and it never rejects. */
export type FetchToken = (args: { forceRefreshToken: boolean }) => Promise<string | null>;

export interface TokenSource {
  /** Exchanges the credential. Rejects with a `ConvexError` on a refusal, with anything else when it could not ask. */
  readonly exchange: () => Promise<Token>;
  /** Whether the page is still signed in by this credential. */
  readonly isCurrent: () => boolean;
  /** Called when the backend definitely refuses the credential. */
  readonly onRefused: () => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;
const MARGIN_MS = 60_000;
/** Only this says that the credential is worth nothing any more; every other refusal may pass. */
const DEFINITE: WireErrorKind = "not_signed_in";

/**
 * Makes the function that gives the Convex client its token. It keeps trying while the backend cannot be
 * asked, and answers null only when the page signed out or the backend refused the credential.
 */
export function createFetchToken(source: TokenSource): FetchToken {
  let kept: Token | null = null;
  return async ({ forceRefreshToken }) => {
    const fresh = kept !== null && kept.expiresAt - MARGIN_MS > source.now();
    if (kept !== null && fresh && !forceRefreshToken) return source.isCurrent() ? kept.token : null;
    for (let wait = FIRST_RETRY_MS; source.isCurrent(); wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        kept = await source.exchange();
        return source.isCurrent() ? kept.token : null;
      } catch (error) {
        if (refusalOf(error)?.kind === DEFINITE) {
          if (source.isCurrent()) source.onRefused();
          return null;
        }
        await source.sleep(wait);
      }
    }
    return null;
  };
}
