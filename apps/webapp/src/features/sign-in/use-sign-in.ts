import { useCallback, useEffect, useRef, useState } from "react";
import { takeCode } from "#lib/address.ts";
import { api } from "#lib/backend.ts";
import { httpClient } from "#lib/http.ts";
import { readCredential, storeCredential } from "#lib/credential.ts";
import { browserLabel, redeemCode } from "./sign-in.ts";
import type { SignInState } from "./sign-in.ts";

/** Signs in by a link as soon as one is opened here, also in a page that is already open. */
export function useSignIn(firstCode: string | null) {
  const [state, report] = useState<SignInState>({
    step: firstCode === null ? "signed_out" : "redeeming",
  });

  const redeem = useCallback((code: string) => {
    const before = readCredential();
    void redeemCode(code, {
      redeem: (fresh) =>
        httpClient().action(api.auth.redeemCode, {
          code: fresh,
          label: browserLabel(navigator.userAgent),
        }),
      keep: (secret) => {
        storeCredential(secret);
        if (before !== null) void revoke(before.secret);
      },
      report,
    });
  }, []);

  // A code works once, and React may run an effect twice.
  const taken = useRef<string | null>(null);
  useEffect(() => {
    if (firstCode === null || taken.current === firstCode) return;
    taken.current = firstCode;
    redeem(firstCode);
  }, [firstCode, redeem]);

  useEffect(() => {
    const onHash = () => {
      const code = takeCode();
      if (code !== null) redeem(code);
    };
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, [redeem]);

  return { state, redeem };
}

/** The credential that a new sign-in replaced must not stay good; if it cannot be revoked now, it dies unused. */
async function revoke(secret: string): Promise<void> {
  try {
    const http = httpClient();
    const { token } = await http.action(api.auth.exchange, { secret });
    http.setAuth(token);
    await http.mutation(api.auth.signOut, {});
  } catch {
    // The person is signed in as asked; the old secret is no longer stored anywhere here.
  }
}
