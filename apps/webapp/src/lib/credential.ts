const KEY = "muster.credential";

/** What this browser may sign in with: a revocable secret that belongs to one backend. */
export interface Credential {
  readonly backend: string;
  readonly secret: string;
}

const listeners = new Set<() => void>();
let cached: { text: string | null; credential: Credential | null } = {
  text: null,
  credential: null,
};

/**
 * The stored credential, or null when there is none or it was stored for another backend: a secret is
 * never sent anywhere but to the origin that issued it. The same object is returned until it changes.
 */
export function readCredential(): Credential | null {
  const text = localStorage.getItem(KEY);
  if (text !== cached.text) cached = { text, credential: parse(text) };
  return cached.credential;
}

export function storeCredential(secret: string): void {
  localStorage.setItem(KEY, JSON.stringify({ backend: location.origin, secret }));
  announce();
}

export function forgetCredential(): void {
  localStorage.removeItem(KEY);
  announce();
}

/** Calls back when this tab or another one signs in or out. */
export function subscribeCredential(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}

function announce(): void {
  for (const listener of listeners) listener();
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
