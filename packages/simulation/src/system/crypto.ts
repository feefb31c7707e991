import { currentOrNone } from "../machine/current.ts";

export { createHash } from "node:crypto";

/** Bytes by the seed of the computer that asks. */
export function randomBytes(length: number): Buffer {
  const process = currentOrNone();
  if (process === undefined) throw new Error("Chance is asked for outside of any process.");
  return Buffer.from(process.host.random.bytes(length));
}

export function uuid(): string {
  const hex = randomBytes(16).toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

export { uuid as randomUUID };
export const webcrypto = crypto;
