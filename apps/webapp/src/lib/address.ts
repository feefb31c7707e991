import { useMemo, useSyncExternalStore } from "react";

/** What of a room is open beside its messages; all of its schedules have the empty id. */
export type Beside = { readonly kind: "agent" | "task" | "schedules"; readonly id: string };
export interface Place {
  readonly room: string;
  readonly beside: Beside | null;
}

const PLACE = /^#\/([^/?&=]+)(?:\/(agent|task|schedules)(?:\/([^/?&=]+))?)?$/u;

/** Takes a sign-in code out of the address bar and its history entry, and hands it over once. */
export function takeCode(): string | null {
  const match = /^#code=([^&]+)$/u.exec(location.hash);
  if (match === null) return null;
  history.replaceState(null, "", location.pathname);
  return decode(match[1] ?? "");
}

/** The room that the address names (`#/harbor`) and what is open in it (`#/harbor/agent/builder`), or null. */
export function placeIn(hash: string): Place | null {
  const [, room = "", kind, id = ""] = PLACE.exec(hash) ?? [];
  const name = decode(room);
  if (name === null || name === "") return null;
  const opened = decode(id);
  const none = { room: name, beside: null };
  if (opened === null) return none;
  if (kind === "schedules") return { room: name, beside: { kind, id: opened } };
  return (kind === "agent" || kind === "task") && opened !== ""
    ? { room: name, beside: { kind, id: opened } }
    : none;
}

export function addressOf(room: string, beside?: Beside): string {
  const base = `#/${encodeURIComponent(room)}`;
  if (beside === undefined) return base;
  const { kind, id } = beside;
  return id === "" ? `${base}/${kind}` : `${base}/${kind}/${encodeURIComponent(id)}`;
}

/** The same object while the address stays the same. */
export function usePlace(): Place | null {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => placeIn(hash), [hash]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
