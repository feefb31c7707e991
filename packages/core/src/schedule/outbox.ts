import { backoffDelay } from "../backoff.ts";

/**
 * A delivery waits until its time, is pending until a carrier claims it, and is sent or dead in the end. Only a
 * person makes a dead one pending again.
 */
export const DELIVERY_STATUSES = ["waiting", "pending", "claimed", "sent", "dead"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** How often a delivery is tried before it is given up: about an hour of a channel that is down. */
export const DELIVERY_ATTEMPTS = 8;
/** How long a carrier that has claimed a delivery may take to say how it went. */
export const DELIVERY_CLAIM_MS = 60_000;
/** How long a delivery waits for any carrier: news of two weeks ago is none. */
export const DELIVERY_KEPT_MS = 14 * 24 * 3_600_000;

const BACKOFF = { firstMs: 5_000, maxMs: 1_800_000 };

/** How long a failed delivery waits before the next attempt, `attempts` of which have been made. */
export function redeliveryDelay(attempts: number, random: number): number {
  return Math.round(backoffDelay(attempts, random, BACKOFF));
}
