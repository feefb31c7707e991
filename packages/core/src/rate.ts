/** How often something may happen: `burst` times at once, and then `perMinute`. */
export type Rate = { readonly burst: number; readonly perMinute: number };

/** Far above what people and healthy programs do, far below what hurts. */
export const RATES = {
  /** A secret for a token, per credential and seat: a program keeps its token for an hour. */
  exchange: { burst: 120, perMinute: 60 },
  /** New sign-in links of one person. */
  code: { burst: 20, perMinute: 10 },
  /** Sitting down in one role: a waiter joins anew every minute or two, after a crash within seconds. */
  join: { burst: 120, perMinute: 120 },
  /** New questions of one role to people: somebody has to read each of them. */
  ask: { burst: 20, perMinute: 6 },
} as const satisfies Record<string, Rate>;
export type Rated = keyof typeof RATES;

/** What is left of a rate, and when that was counted (milliseconds since the epoch). */
export type Bucket = { readonly tokens: number; readonly at: number };

/**
 * Takes one token. Answers the bucket after it, or how long to wait for the next one; then nothing was taken. A
 * clock that went back fills nothing and takes nothing away.
 *
 * @param bucket null for who comes for the first time
 */
export function draw(
  { burst, perMinute }: Rate,
  bucket: Bucket | null,
  now: number,
): { readonly bucket: Bucket } | { readonly waitMs: number } {
  const since = bucket === null ? 0 : Math.max(0, now - bucket.at);
  const filled = Math.min(burst, (bucket?.tokens ?? burst) + (since * perMinute) / 60_000);
  if (filled < 1) return { waitMs: Math.ceil(((1 - filled) * 60_000) / perMinute) };
  return { bucket: { tokens: filled - 1, at: now } };
}

/** A room in which so many messages came within the window is looked at for who floods it. */
export const FLOOD = { messages: 600, windowMs: 60_000 } as const;

/** Whether a sender has so large a part of a room's flood that it must wait: others still get through. */
export function floods(own: number): boolean {
  return own >= FLOOD.messages / 2;
}
