import { useSyncExternalStore } from "react";
import type { Notice } from "#lib/backend.ts";
import { stored } from "#lib/stored.ts";

/** The server has few notices at a time, and an id never comes again. */
const KEPT = 50;

const kept = stored("muster.notices.put-away", parse);

/** The server's notices that this browser has put away, in every tab and after a reload. */
export function usePutAway(): readonly string[] {
  return useSyncExternalStore(kept.subscribe, kept.read);
}

/** Puts a notice of the server away: it goes for everybody else by its own end. */
export function putAway({ _id }: Notice): void {
  const ids = [...kept.read().filter((id) => id !== _id), _id].slice(-KEPT);
  kept.write(JSON.stringify(ids));
}

function parse(text: string | null): readonly string[] {
  try {
    const ids: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
