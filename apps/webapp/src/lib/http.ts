import { ConvexHttpClient } from "convex/browser";

const TIMEOUT_MS = 8_000;

/** The backend is where the page came from; no parameter, link or setting can point it elsewhere. */
export const backend = location.origin;

/** A client for the few calls beside the socket: signing in, signing out, exchanging. Each gives up after 8 s. */
export function httpClient(): ConvexHttpClient {
  return new ConvexHttpClient(backend, {
    logger: false,
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
}
