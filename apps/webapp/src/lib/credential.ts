import { stored } from "./stored.ts";

/** What this browser may sign in with: a revocable secret that belongs to one backend. */
export interface Credential {
  readonly backend: string;
  readonly secret: string;
}

const kept = stored("muster.credential", parse);

/**
 * The stored credential, or null when there is none or it was stored for another backend: a secret is
 * never sent anywhere but to the origin that issued it. The same object is returned until it changes.
 */
export const readCredential = kept.read;

/** Calls back when this tab or another one signs in or out. */
export const subscribeCredential = kept.subscribe;

export function storeCredential(secret: string): void {
  kept.write(JSON.stringify({ backend: location.origin, secret }));
}

export function forgetCredential(): void {
  kept.write(null);
}

function parse(text: string | null): Credential | null {
  if (text === null) return null;
  try {
    const { backend, secret } = JSON.parse(text) as Partial<Credential>;
    if (typeof secret !== "string" || secret === "" || backend !== location.origin) return null;
    return { backend, secret };
  } catch {
    return null;
  }
}
