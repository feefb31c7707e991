import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import type { api as Api } from "@muster/backend/api";

// Types only: at run time a function reference is nothing but its path.
export const api = anyApi as unknown as typeof Api;

const OPTIONS = { skipConvexDeploymentUrlCheck: true, logger: false } as const;

/** The official HTTP client as whoever the secret stands for, or, with `seat`, as that role's agent. */
export async function signIn(
  url: string,
  secret: string,
  seat?: { room: string; role: string },
): Promise<{ client: ConvexHttpClient; token: string }> {
  const client = new ConvexHttpClient(url, OPTIONS);
  const args = seat === undefined ? { secret } : { secret, seat };
  const { token } = await client.action(api.auth.exchange, args);
  client.setAuth(token);
  return { client, token };
}

/** A second client of a principal that has signed in: each sends its mutations one after the other. */
export function another(url: string, token: string): ConvexHttpClient {
  const client = new ConvexHttpClient(url, OPTIONS);
  client.setAuth(token);
  return client;
}

let keys = 0;
/** A request key that nobody has used. */
export function newKey(): string {
  keys += 1;
  return `bench-${keys}`;
}
