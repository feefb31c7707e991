import type { News, Shown } from "./show.ts";

/** One delivery that waits for somebody to carry it. */
export interface Outgoing {
  readonly deliveryId: string;
  /** How many claims there were of it: a later round of the same delivery is another. */
  readonly attempt: number;
}

/** What a carrier does; each is one call of the backend but `show`. */
export interface Carrier {
  /** Null: another tab has it, or it is over. */
  readonly claim: (deliveryId: string) => Promise<{ attempt: number; news: News } | null>;
  /** Throws when it cannot be shown. */
  readonly show: (news: News) => Shown;
  readonly receipt: (deliveryId: string, attempt: number, how: Shown) => Promise<unknown>;
  readonly fail: (deliveryId: string, attempt: number, reason: string) => Promise<unknown>;
}

/**
 * Carries one delivery to the person in front of this tab. The backend gives it to one tab alone, so it is shown
 * once; a tab that breaks on the way says nothing more, and its claim runs out for another to try.
 */
export async function carry({ deliveryId }: Outgoing, carrier: Carrier): Promise<void> {
  const claimed = await carrier.claim(deliveryId);
  if (claimed === null) return;
  const { attempt, news } = claimed;
  let how: Shown;
  try {
    how = carrier.show(news);
  } catch (error) {
    await carrier.fail(deliveryId, attempt, `the browser did not show it: ${String(error)}`);
    return;
  }
  await carrier.receipt(deliveryId, attempt, how);
}
