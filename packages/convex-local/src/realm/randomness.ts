import { createCipheriv } from "node:crypto";

const CHUNK = 1024;

/**
 * The randomness of one execution: an AES-256-CTR key stream. Reproducible from its 32-byte seed, and as hard to predict as the
 * seed is secret, because functions mint secrets with it.
 */
export class Randomness {
  readonly #makeSeed: () => Uint8Array;
  #stream: ((length: number) => Buffer) | undefined;
  #ahead: Buffer = Buffer.alloc(0);

  /** The seed is asked for when the first byte is. */
  constructor(makeSeed: () => Uint8Array) {
    this.#makeSeed = makeSeed;
  }

  bytes(length: number): Uint8Array {
    if (length > CHUNK) return this.#next(length);
    if (this.#ahead.length < length) this.#ahead = this.#next(CHUNK);
    const bytes = this.#ahead.subarray(0, length);
    this.#ahead = this.#ahead.subarray(length);
    return bytes;
  }

  /** 53 random bits, 0 ≤ number < 1. */
  number(): number {
    const bytes = Buffer.from(this.bytes(7));
    return (bytes.readUIntBE(0, 6) * 32 + ((bytes[6] ?? 0) & 31)) / 2 ** 53;
  }

  #next(length: number): Buffer {
    if (this.#stream === undefined) {
      const cipher = createCipheriv("aes-256-ctr", this.#makeSeed(), Buffer.alloc(16));
      this.#stream = (size) => cipher.update(Buffer.alloc(size));
    }
    return this.#stream(length);
  }
}
