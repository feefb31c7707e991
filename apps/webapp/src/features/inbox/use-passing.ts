import { useEffect, useSyncExternalStore } from "react";
import type { Delivery } from "#lib/backend.ts";

/** Long enough to read four lines twice. */
export const TOAST_MS = 15_000;

/** Calls `onPassed` once the news has stood long enough on a page in the foreground, without anybody holding it. */
export function usePassing(
  id: Delivery["_id"],
  { held, onPassed }: { readonly held: boolean; readonly onPassed: (id: Delivery["_id"]) => void },
): void {
  const inSight = useSyncExternalStore(subscribe, () => document.visibilityState === "visible");
  useEffect(() => {
    if (held || !inSight) return undefined;
    const timer = setTimeout(() => onPassed(id), TOAST_MS);
    return () => clearTimeout(timer);
  }, [held, inSight, id, onPassed]);
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
