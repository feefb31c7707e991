import { useSyncExternalStore } from "react";
import type { Notice } from "#lib/backend.ts";

const KEY = "muster.notices.put-away";
/** The server has few notices at a time, and an id never comes again. */
const KEPT = 50;

const listeners = new Set<() => void>();
let cached: { text: string | null; ids: readonly string[] } = { text: null, ids: [] };

/** The server's notices that this browser has put away, in every tab and after a reload. */
export function usePutAway(): readonly string[] {
  return useSyncExternalStore(subscribe, read);
}

/** Puts a notice of the server away: it goes for everybody else by its own end. */
export function putAway({ _id }: Notice): void {
  const ids = [...read().filter((id) => id !== _id), _id].slice(-KEPT);
  localStorage.setItem(KEY, JSON.stringify(ids));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
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

/** The same array until it changes. */
function read(): readonly string[] {
  const text = localStorage.getItem(KEY);
  if (text !== cached.text) cached = { text, ids: parse(text) };
  return cached.ids;
}

function parse(text: string | null): readonly string[] {
  try {
    const ids: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
