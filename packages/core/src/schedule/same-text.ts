import { textHash } from "./heartbeat-file.ts";

/** How long the same words are not sent again. */
export const SAME_TEXT_MS = 24 * 3_600_000;

/**
 * Texts with the same hash say the same: case, marks, blanks and punctuation aside. Numbers count, since
 * "3 failures" and "4 failures" are two pieces of news.
 */
export function sameTextHash(text: string): string {
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  // A text without a word, like an emoji, is told by what it is.
  return textHash(words === null ? text.trim() : words.join(" "));
}

/** Whether `text` was sent within the last day already. */
export function isDuplicate(
  text: string,
  sent: readonly { readonly hash: string; readonly at: number }[],
  now: number,
): boolean {
  const hash = sameTextHash(text);
  return sent.some((earlier) => earlier.hash === hash && now - earlier.at < SAME_TEXT_MS);
}

/** The sent texts to remember once `text` was sent as well: those of the last day, the newest `most`. */
export function remember(
  text: string,
  sent: readonly { readonly hash: string; readonly at: number }[],
  now: number,
  most = 50,
): { hash: string; at: number }[] {
  const hash = sameTextHash(text);
  const others = sent.filter((earlier) => earlier.hash !== hash && now - earlier.at < SAME_TEXT_MS);
  return [...others, { hash, at: now }].slice(-most);
}
