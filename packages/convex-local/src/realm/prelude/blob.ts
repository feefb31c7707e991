import { bytesOf, define, textOf } from "./host.ts";

/** Bytes with a type, as `ctx.storage` takes and gives them. */
class RealmBlob {
  readonly type: string;
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(parts: Iterable<unknown> = [], options: { readonly type?: unknown } = {}) {
    this.#bytes = joined(Array.from(parts, bytesOfPart));
    this.type = options.type === undefined ? "" : textOf(options.type).toLowerCase();
  }

  get size(): number {
    return this.#bytes.length;
  }

  slice(start?: number, end?: number, type = ""): RealmBlob {
    return new RealmBlob([this.#bytes.slice(start, end)], { type });
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes.slice();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#bytes);
  }

  stream(): never {
    throw new Error(
      "Can't use Blob.stream() in queries and mutations. Please consider using an action.",
    );
  }

  static bytesOf(blob: RealmBlob): Uint8Array {
    return blob.#bytes;
  }
}

function bytesOfPart(part: unknown): Uint8Array {
  if (part instanceof RealmBlob) return RealmBlob.bytesOf(part);
  const isBytes = ArrayBuffer.isView(part) || part instanceof ArrayBuffer;
  return isBytes ? bytesOf(part) : new TextEncoder().encode(textOf(part));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

define("Blob", RealmBlob);
