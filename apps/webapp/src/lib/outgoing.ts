import type { OptimisticLocalStore } from "convex/browser";
import type { Id } from "@muster/backend/dataModel";
import { api } from "#lib/backend.ts";
import type { Message } from "#lib/backend.ts";

/** How many of the newest messages one subscription holds. */
export const TAIL = 100;

const SENDING = "sending:";

/** Whether the backend has not accepted this message yet: the page shows it so that its sender sees it at once. */
export function isSending(message: Message): boolean {
  return message._id.startsWith(SENDING);
}

/** Shows a message at the end of the room until the backend's answer takes its place or it is refused. */
export function showSending(
  store: OptimisticLocalStore,
  sent: { room: string; to?: string; text: string; key: string },
  sender: string,
): void {
  const args = { room: sent.room, limit: TAIL };
  const shown = store.getQuery(api.messages.list, args);
  if (shown === undefined) return;
  const message: Message = {
    _id: `${SENDING}${sent.key}` as Id<"messages">,
    seq: (shown.items.at(-1)?.seq ?? 0) + 1,
    sender: { kind: "person", name: sender },
    type: "message",
    text: sent.text,
    target: sent.to ?? null,
    taskId: null,
    at: Date.now(),
  };
  store.setQuery(api.messages.list, args, { items: [...shown.items, message] });
}
