/** How long a sign-in link works: a person clicks it at once, and it may lie in a terminal's history. */
export const SIGN_IN_CODE_LIFE_MS = 10 * 60_000;
/** How many wrong guesses use up a sign-in code: with 128 bits behind it, none is ever a typing error. */
export const SIGN_IN_TRIES = 5;

/** Whether a sign-in code may still be redeemed at `now` (milliseconds). At `expiresAt` it is over. */
export function isRedeemable(
  code: { readonly triesLeft: number; readonly expiresAt: number },
  now: number,
): boolean {
  return code.triesLeft > 0 && now < code.expiresAt;
}
