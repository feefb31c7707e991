import { hash } from "node:crypto";

const BLOCK = 32;

/**
 * The randomness of one execution: SHA-256 of its seed and a counter, block by block. Reproducible from the 32-byte seed, and as hard to
 * predict as the seed is secret, because functions mint secrets with it. Most executions want a few bytes or none, so beginning costs nothing.
 */
export class Randomness {
  readonly #makeSeed: () => Uint8Array;
  #input: Buffer | undefined;
  #ahead: Buffer = Buffer.alloc(0);

  /** The seed is asked for when the first byte is. */
  constructor(makeSeed: () => Uint8Array) {
    this.#makeSeed = makeSeed;
  }

  bytes(length: number): Uint8Array {
    const blocks: Buffer[] = [this.#ahead];
    for (let ready = this.#ahead.length; ready < length; ready += BLOCK) blocks.push(this.#next());
    const bytes = blocks.length === 1 ? this.#ahead : Buffer.concat(blocks);
    this.#ahead = bytes.subarray(length);
    return bytes.subarray(0, length);
  }

  /** 53 random bits, 0 ≤ number < 1. */
  number(): number {
    const bytes = Buffer.from(this.bytes(7));
    return (bytes.readUIntBE(0, 6) * 32 + ((bytes[6] ?? 0) & 31)) / 2 ** 53;
  }

  #next(): Buffer {
    this.#input ??= Buffer.concat([this.#makeSeed(), Buffer.alloc(8)]);
    const counter = this.#input.length - 8;
    this.#input.writeBigUInt64LE(this.#input.readBigUInt64LE(counter) + 1n, counter);
    return hash("sha256", this.#input, "buffer");
  }
}
