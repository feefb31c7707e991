import {
  constants,
  createHash,
  createHmac,
  KeyObject,
  sign,
  timingSafeEqual,
  verify,
  webcrypto,
} from "node:crypto";
import type { RandomSource } from "../engine/clock.ts";
import { uuid } from "../values/uuid.ts";

type Bytes = ArrayBuffer | ArrayBufferView;
type CryptoKey = webcrypto.CryptoKey;
type Algorithm = string | { readonly name: string; readonly hash?: Algorithm; saltLength?: number };

type ImportOf = Parameters<webcrypto.SubtleCrypto["importKey"]>;

const keyObjects = new WeakMap<CryptoKey, KeyObject>();

/**
 * WebCrypto whose answers come in an order that never varies. The platform's own digests, signs and verifies on other threads; here
 * that happens at once. Random bytes are the source's. Two things stay as they are: the bytes of an ECDSA signature are different each
 * time (their number is not), and whatever else uses other threads (`encrypt`, `deriveBits`, `generateKey` …) ends when it ends: wait
 * for `idle` before time goes on.
 */
export class SimulatedCrypto implements Crypto {
  readonly subtle: SubtleCrypto;
  readonly #random: RandomSource;
  #pending = 0;
  #idle: (() => void)[] = [];

  constructor(random: RandomSource) {
    this.#random = random;
    this.subtle = new Proxy(webcrypto.subtle, {
      get: (subtle, name) => this.#operation(subtle, name),
    }) as SubtleCrypto;
  }

  getRandomValues<T extends ArrayBufferView | null>(view: T): T {
    if (view === null) return view;
    const bytes = this.#random.bytes(view.byteLength);
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes);
    return view;
  }

  randomUUID(): ReturnType<Crypto["randomUUID"]> {
    return uuid(this.#random.bytes(16));
  }

  /** Makes it `globalThis.crypto`, for all who take it from there. Answers what undoes that. */
  install(): () => void {
    const before = Object.getOwnPropertyDescriptor(globalThis, "crypto");
    Object.defineProperty(globalThis, "crypto", { configurable: true, get: () => this });
    return () => {
      if (before !== undefined) Object.defineProperty(globalThis, "crypto", before);
    };
  }

  /** Resolves when nothing is under way on other threads, and whoever waited for it has gone on. */
  async idle(): Promise<void> {
    while (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#idle.push(() => setImmediate(resolve));
      });
    }
  }

  /** A key that may not leave WebCrypto has a twin that may, for those who sign with it here. */
  async #importKey(subtle: webcrypto.SubtleCrypto, given: ImportOf): Promise<CryptoKey> {
    const key = await subtle.importKey(...given);
    if (key.extractable) return key;
    const [format, data, algorithm, , usages] = given;
    const twin = await subtle.importKey(
      format as "jwk",
      data as JsonWebKey,
      algorithm,
      true,
      usages,
    );
    keyObjects.set(key, KeyObject.from(twin));
    return key;
  }

  #operation(subtle: webcrypto.SubtleCrypto, name: string | symbol): unknown {
    if (typeof name === "string" && Object.hasOwn(AT_ONCE, name)) {
      return AT_ONCE[name as keyof typeof AT_ONCE];
    }
    if (name === "importKey") return (...given: ImportOf) => this.#importKey(subtle, given);
    const operation: unknown = Reflect.get(subtle, name);
    if (typeof operation !== "function") return operation;
    return (...given: unknown[]) => this.#counted(Reflect.apply(operation, subtle, given));
  }

  #counted(work: unknown): unknown {
    if (!(work instanceof Promise)) return work;
    this.#pending += 1;
    return work.finally(() => {
      this.#pending -= 1;
      if (this.#pending === 0) for (const resolve of this.#idle.splice(0)) resolve();
    });
  }
}

const AT_ONCE = {
  digest: async (algorithm: Algorithm, data: Bytes) =>
    bufferOf(createHash(hashOf(algorithm)).update(viewOf(data)).digest()),
  sign: async (algorithm: Algorithm, key: CryptoKey, data: Bytes) => {
    allow(key, "sign");
    return bufferOf(signatureOf(algorithm, key, viewOf(data)));
  },
  verify: async (algorithm: Algorithm, key: CryptoKey, signature: Bytes, data: Bytes) => {
    allow(key, "verify");
    if (nameOf(algorithm) !== "HMAC")
      return verify(
        digestOf(algorithm, key),
        viewOf(data),
        used(algorithm, key),
        viewOf(signature),
      );
    const [own, given] = [signatureOf(algorithm, key, viewOf(data)), viewOf(signature)];
    return own.length === given.length && timingSafeEqual(own, given);
  },
} as const;

function allow({ usages }: CryptoKey, use: "sign" | "verify"): void {
  if (usages.includes(use)) return;
  throw new DOMException(`The key is not for use with ${use}.`, "InvalidAccessError");
}

function signatureOf(algorithm: Algorithm, key: CryptoKey, data: Uint8Array): Buffer {
  const { name } = key.algorithm;
  if (name === "HMAC") return createHmac(hashIn(key), keyObjectOf(key)).update(data).digest();
  return sign(digestOf(algorithm, key), data, used(algorithm, key));
}

function keyObjectOf(key: CryptoKey): KeyObject {
  const object = keyObjects.get(key) ?? KeyObject.from(key);
  keyObjects.set(key, object);
  return object;
}

/** A key and how to use it, as Node's own functions take it. */
function used(algorithm: Algorithm, cryptoKey: CryptoKey) {
  const key = keyObjectOf(cryptoKey);
  switch (cryptoKey.algorithm.name) {
    case "ECDSA":
      return { key, dsaEncoding: "ieee-p1363" } as const;
    case "RSA-PSS": {
      const saltLength = typeof algorithm === "string" ? undefined : algorithm.saltLength;
      return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltLength ?? 0 };
    }
    default:
      return { key };
  }
}

/** Null for algorithms that hash by themselves. */
function digestOf(algorithm: Algorithm, key: CryptoKey): string | null {
  const { name } = key.algorithm;
  if (name === "Ed25519" || name === "Ed448") return null;
  if (name !== "ECDSA") return hashIn(key);
  if (typeof algorithm === "string" || algorithm.hash === undefined)
    throw new TypeError("ECDSA needs a hash.");
  return hashOf(algorithm.hash);
}

function hashIn({ algorithm }: CryptoKey): string {
  return hashOf((algorithm as { hash?: Algorithm }).hash ?? "");
}

function hashOf(algorithm: Algorithm): string {
  const name = nameOf(algorithm);
  if (!/^SHA-(?:1|256|384|512)$/.test(name))
    throw new DOMException(`Unrecognized algorithm: ${name}`, "NotSupportedError");
  return name.replace("-", "").toLowerCase();
}

function nameOf(algorithm: Algorithm): string {
  return (typeof algorithm === "string" ? algorithm : algorithm.name).toUpperCase();
}

function viewOf(data: Bytes): Uint8Array {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function bufferOf(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
