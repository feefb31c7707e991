import { CSPProvider } from "@base-ui/react/csp-provider";
import { ConvexProviderWithAuth, useConvexAuth } from "convex/react";
import { useCallback } from "react";
import { checkCredential, client, fetchTokenFor } from "#lib/client.ts";
import type { Credential } from "#lib/credential.ts";
import { ConnectionBanner } from "./features/connection/connection-banner.tsx";
import { useConnection } from "./features/connection/use-connection.ts";
import { sentenceOf } from "#lib/refusal.ts";
import { Boundary } from "#ui/boundary.tsx";
import { Button } from "#ui/button.tsx";
import { Empty } from "#ui/empty.tsx";
import { Mark } from "#ui/wordmark.tsx";
import { Shell } from "./shell.tsx";

/** Everything behind the sign-in. */
export function Home({ credential }: { credential: Credential }) {
  const useAuth = useCallback(
    () => ({
      isLoading: false,
      isAuthenticated: true,
      fetchAccessToken: fetchTokenFor(credential),
    }),
    [credential],
  );
  return (
    <CSPProvider disableStyleElements>
      <ConvexProviderWithAuth client={client} useAuth={useAuth}>
        <Entrance />
      </ConvexProviderWithAuth>
    </CSPProvider>
  );
}

/** Holds the door until the backend has confirmed who this is. */
function Entrance() {
  const { isAuthenticated } = useConvexAuth();
  const link = useConnection();
  return (
    <div className="flex h-full flex-col" data-stale={link.state === "lost" ? "" : undefined}>
      <ConnectionBanner link={link} backend={location.host} />
      {isAuthenticated ? (
        <Boundary onError={checkCredential} fallback={cannotShow}>
          <Shell link={link} />
        </Boundary>
      ) : (
        <Opening />
      )}
    </div>
  );
}

function cannotShow(error: unknown, reset: () => void) {
  return (
    <div className="m-auto max-w-md p-6">
      <Empty title="This page cannot be shown now">
        <p>{sentenceOf(error)}</p>
        <Button onClick={reset}>Try again</Button>
      </Empty>
    </div>
  );
}

function Opening() {
  return (
    <div className="flex flex-1 items-center justify-center gap-3 text-sm text-ink-faint">
      <Mark className="size-6 motion-safe:animate-beat" />
      Opening your rooms…
    </div>
  );
}
