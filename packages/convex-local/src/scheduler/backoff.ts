const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/** The pause after the n-th storage failure in a row (from 0): half a second, doubling up to a minute. */
export function storageBackoff(failures: number): number {
  return Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
}
