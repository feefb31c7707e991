import { createHash } from "node:crypto";
import type { RandomSource } from "../engine/clock.ts";
import { Randomness } from "../realm/randomness.ts";

/** The same seed, the same bytes. */
export function seededRandom(seed: string | number): RandomSource {
  const randomness = new Randomness(() => createHash("sha256").update(String(seed)).digest());
  return { bytes: (length) => randomness.bytes(length) };
}
