/** One value that this browser keeps, in every tab and after a reload. */
export interface Stored<T> {
  /** The same object until it changes. */
  readonly read: () => T;
  /** Null forgets it. */
  readonly write: (text: string | null) => void;
  /** Calls back when this tab or another one has written it; until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** What lies under `key`, as `parse` understands it, which gets whatever anybody left there and throws at nothing. */
export function stored<T>(key: string, parse: (text: string | null) => T): Stored<T> {
  const listeners = new Set<() => void>();
  let cached: { readonly text: string | null; readonly value: T } | undefined;

  return {
    read() {
      const text = localStorage.getItem(key);
      if (cached?.text !== text) cached = { text, value: parse(text) };
      return cached.value;
    },
    write(text) {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      const onStorage = (event: StorageEvent) => {
        if (event.key === key || event.key === null) listener();
      };
      listeners.add(listener);
      window.addEventListener("storage", onStorage);
      return () => {
        listeners.delete(listener);
        window.removeEventListener("storage", onStorage);
      };
    },
  };
}
