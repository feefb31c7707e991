import { useEffect } from "react";
import type { Approval } from "#lib/backend.ts";

/** The tab says that somebody waits, also while it is in the background: in its title and in its sign. */
export function useAttention(room: string | null, waiting: readonly Approval[]): void {
  const title = titleOf(room, waiting);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const asks = waiting.length > 0;
  useEffect(() => {
    const sign = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (sign !== null) sign.href = asks ? "/favicon-asks.svg" : "/favicon.svg";
  }, [asks]);
  useEffect(
    () => () => {
      document.title = "Muster";
    },
    [],
  );
}

export function titleOf(room: string | null, waiting: readonly Approval[]): string {
  const [first] = waiting.toSorted((a, b) => a.askedAt - b.askedAt);
  const here = room === null ? "Muster" : `${room} · Muster`;
  if (first === undefined) return here;
  return `(${waiting.length}) ${first.role} asks · ${first.roomName} · Muster`;
}
