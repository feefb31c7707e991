import { ConvexReactClient } from "convex/react";
import { api } from "#lib/backend.ts";
import { forgetCredential, readCredential } from "#lib/credential.ts";
import type { Credential } from "#lib/credential.ts";
import { backend, httpClient } from "#lib/http.ts";
import { Link, TICK_MS } from "#lib/link.ts";
import { refusalOf } from "#lib/refusal.ts";
import { createFetchToken } from "#lib/token.ts";
import type { FetchToken } from "#lib/token.ts";

class HeardSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.addEventListener("message", () => link.heard());
  }
}

export const client = new ConvexReactClient(backend, {
  webSocketConstructor: HeardSocket,
  logger: false,
});

export const link: Link = new Link({
  isOpen: () => client.connectionState().isWebSocketConnected,
  probe: (signal) => fetch("/instance_name", { cache: "no-store", signal }),
  isVisible: () => document.visibilityState === "visible",
  now: () => Date.now(),
});
setInterval(link.look, TICK_MS);
document.addEventListener("visibilitychange", link.look);

const fetchers = new WeakMap<Credential, FetchToken>();

/**
 * The function that gives the client its token while this credential is the page's. It is the same one for
 * the same credential: the client signs in anew when it is given another.
 */
export function fetchTokenFor(credential: Credential): FetchToken {
  const known = fetchers.get(credential);
  if (known !== undefined) return known;
  const made = createFetchToken({
    exchange: () => httpClient().action(api.auth.exchange, { secret: credential.secret }),
    isCurrent: () => readCredential() === credential,
    onRefused: forgetCredential,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: () => Date.now(),
  });
  fetchers.set(credential, made);
  return made;
}

/**
 * Looks whether an error of a query means that the credential was revoked: then its next exchange is
 * refused, and the page signs out.
 */
export function checkCredential(error: unknown): void {
  const credential = readCredential();
  if (credential === null || refusalOf(error)?.kind !== "not_signed_in") return;
  void fetchTokenFor(credential)({ forceRefreshToken: true });
}
