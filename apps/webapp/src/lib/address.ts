import { useSyncExternalStore } from "react";

const ROOM = /^#\/([^/?&=]+)$/u;

/** Takes a sign-in code out of the address bar and its history entry, and hands it over once. */
export function takeCode(): string | null {
  const match = /^#code=([^&]+)$/u.exec(location.hash);
  if (match === null) return null;
  history.replaceState(null, "", location.pathname);
  return decode(match[1] ?? "");
}

/** The room named by the address (`/#/harbor`), or null. */
export function roomInAddress(): string | null {
  const match = ROOM.exec(location.hash);
  return match === null ? null : decode(match[1] ?? "");
}

export function addressOf(room: string): string {
  return `#/${encodeURIComponent(room)}`;
}

export function useRoomInAddress(): string | null {
  return useSyncExternalStore(subscribe, roomInAddress);
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
