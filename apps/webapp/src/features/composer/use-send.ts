import { useMutation } from "convex/react";
import { useMemo } from "react";
import { api } from "#lib/backend.ts";
import { showSending } from "#lib/outgoing.ts";

export type Send = (message: { to: string; text: string }) => Promise<{ note: string }>;

/** Sends a person's message with a key of its own, shown at once, accepted at most once. */
export function useSend(room: string, sender: string): Send {
  const mutate = useMutation(api.messages.send);
  return useMemo(() => {
    const send = mutate.withOptimisticUpdate((store, args) => showSending(store, args, sender));
    return async ({ to, text }) => {
      const { wakes } = await send({ room, to, text, key: crypto.randomUUID() });
      return { note: wakes.note };
    };
  }, [mutate, room, sender]);
}
