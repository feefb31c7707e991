import { useConvex } from "convex/react";
import { useEffect } from "react";
import { addressOf } from "#lib/address.ts";
import { api } from "#lib/backend.ts";

/**
 * While the address names no room, puts the one there in which the person begins; the backend is asked once for it, so
 * that a message somewhere else moves nobody. `fallback` is entered if it cannot say.
 */
export function useFirstRoom(named: boolean, fallback: string | null): void {
  const convex = useConvex();
  const wanting = !named && fallback !== null;
  useEffect(() => {
    if (!wanting) return undefined;
    let left = false;
    const enter = (room: string | null) => {
      const name = room ?? fallback;
      if (!left && name !== null) location.replace(addressOf(name));
    };
    convex.query(api.inbox.firstRoom, {}).then(
      ({ room }) => enter(room),
      () => enter(null),
    );
    return () => {
      left = true;
    };
  }, [convex, wanting, fallback]);
}
