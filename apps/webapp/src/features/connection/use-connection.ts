import { useSyncExternalStore } from "react";
import { link } from "#lib/client.ts";
import type { LinkState } from "#lib/link.ts";

/** Whether the page hears its backend, and since when not. */
export function useConnection(): LinkState {
  return useSyncExternalStore(link.subscribe, link.state);
}
