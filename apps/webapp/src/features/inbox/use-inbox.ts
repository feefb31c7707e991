import { useMutation, useQuery } from "convex/react";
import { api } from "#lib/backend.ts";
import type { Delivery, InboxSettings } from "#lib/backend.ts";
import { useAsking } from "#lib/asking.ts";

const SHOWN = 50;

export interface Inbox {
  readonly unseen: number;
  readonly items: readonly Delivery[];
}

/** What was sent to this person, newest first; undefined until the backend answered. */
export function useInbox(): Inbox | undefined {
  return useQuery(api.inbox.list, { limit: SHOWN });
}

/** Whether it lies in the inbox unread; what waits for the end of quiet hours was never tried and is not there yet. */
export const isNew = ({ channel, status, seenAt, attempt }: Delivery): boolean =>
  channel === "dashboard" && seenAt === null && (status !== "waiting" || attempt > 0);

export interface InboxActions {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly seen: (deliveries: readonly Delivery[]) => void;
  readonly retry: (delivery: Delivery) => void;
}

/** What a person does with what they got. */
export function useInboxActions(): InboxActions {
  const seen = useMutation(api.inbox.seen);
  const retry = useMutation(api.deliveries.retry);
  const { busy, problem, ask } = useAsking();
  return {
    busy,
    problem,
    seen: (deliveries) => void ask(() => seen({ deliveryIds: deliveries.map(({ _id }) => _id) })),
    retry: ({ _id }) => void ask(() => retry({ deliveryId: _id })),
  };
}

export interface Settling {
  readonly settings: InboxSettings | undefined;
  readonly busy: boolean;
  readonly problem: string | null;
  readonly change: (changes: Partial<Pick<InboxSettings, "quietHours" | "visibility">>) => void;
}

/** How this person wants to be reached. */
export function useInboxSettings(): Settling {
  const settings = useQuery(api.inbox.settings, {});
  const configure = useMutation(api.inbox.configure);
  const { busy, problem, ask } = useAsking();
  return { settings, busy, problem, change: (changes) => void ask(() => configure(changes)) };
}
