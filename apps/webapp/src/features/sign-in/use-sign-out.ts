import { useConvex } from "convex/react";
import type { ConvexReactClient } from "convex/react";
import { useCallback } from "react";
import { api } from "#lib/backend.ts";
import { forgetCredential } from "#lib/credential.ts";

const REVOKE_WITHIN_MS = 3_000;

/** Revokes this browser's credential and forgets it; forgets it also when the backend cannot be reached. */
export function useSignOut(): () => void {
  const convex = useConvex();
  return useCallback(() => {
    void revokeAndForget(convex);
  }, [convex]);
}

async function revokeAndForget(convex: ConvexReactClient): Promise<void> {
  const revoked = convex.mutation(api.auth.signOut, {}).catch(() => null);
  const late = new Promise((resolve) => setTimeout(resolve, REVOKE_WITHIN_MS));
  await Promise.race([revoked, late]);
  sessionStorage.clear();
  forgetCredential();
}
