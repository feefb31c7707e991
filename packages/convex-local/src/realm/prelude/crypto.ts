import type { VerifyRequest } from "../host.ts";
import { ask, bytesOf, define, host } from "./host.ts";

type Algorithm =
  | string
  | { readonly name: string; readonly hash?: Algorithm; readonly saltLength?: number };

/** A key of this realm. Its material stays in a private field: code can use it, not read it. */
class RealmCryptoKey {
  readonly type: "secret" | "public";
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string; readonly hash?: { readonly name: string } };
  readonly usages: readonly string[];
  readonly #material: Uint8Array | Pick<VerifyRequest, "format" | "key">;

  constructor(
    algorithm: Algorithm,
    material: Uint8Array | Pick<VerifyRequest, "format" | "key">,
    usages: readonly string[],
    extractable: boolean,
  ) {
    const hash = hashOf(algorithm);
    this.type = material instanceof Uint8Array ? "secret" : "public";
    this.algorithm =
      hash === undefined
        ? { name: nameOf(algorithm) }
        : { name: nameOf(algorithm), hash: { name: hash } };
    this.usages = usages;
    this.extractable = extractable;
    this.#material = material;
  }

  static secret(key: RealmCryptoKey): Uint8Array {
    if (key.#material instanceof Uint8Array) return key.#material;
    throw new Error("This operation needs a secret key.");
  }

  static public(key: RealmCryptoKey): Pick<VerifyRequest, "format" | "key"> {
    if (!(key.#material instanceof Uint8Array)) return key.#material;
    throw new Error("This operation needs a public key.");
  }
}

const nameOf = (algorithm: Algorithm) =>
  typeof algorithm === "string" ? algorithm : algorithm.name;
const hashOf = (algorithm: Algorithm) =>
  typeof algorithm === "string" || algorithm.hash === undefined
    ? undefined
    : nameOf(algorithm.hash);
const unavailable = (operation: string) =>
  new Error(`Can't use ${operation} in queries and mutations. Please consider using an action.`);
const buffer = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;

async function importKey(
  format: string,
  data: unknown,
  algorithm: Algorithm,
  extractable: boolean,
  usages: readonly string[],
): Promise<RealmCryptoKey> {
  const name = nameOf(algorithm).toUpperCase();
  if (name === "HMAC")
    return new RealmCryptoKey(algorithm, secretOf(format, data), usages, extractable);
  if (usages.some((usage) => usage !== "verify"))
    throw unavailable(`a ${name} key for ${usages.join(", ")}`);
  if (format === "jwk") {
    return new RealmCryptoKey(
      algorithm,
      { format, key: JSON.stringify(data) },
      usages,
      extractable,
    );
  }
  if (format !== "spki") throw unavailable(`a ${name} key in the format ${format}`);
  const key = host.btoa(String.fromCharCode(...bytesOf(data)));
  return new RealmCryptoKey(algorithm, { format, key }, usages, extractable);
}

/** Throws for what is no secret: with an empty one anybody could sign. */
function secretOf(format: string, data: unknown): Uint8Array {
  if (format !== "raw" && format !== "jwk")
    throw unavailable(`an HMAC key in the format ${format}`);
  const secret = format === "raw" ? bytesOf(data).slice() : fromJwk(data as { k?: string });
  if (secret.length === 0) throw new Error("An HMAC key cannot be empty.");
  return secret;
}

function fromJwk({ k = "" }: { k?: string }): Uint8Array {
  const text = ask(() => host.atob(k.replaceAll("-", "+").replaceAll("_", "/")));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function sign(
  algorithm: Algorithm,
  key: RealmCryptoKey,
  data: unknown,
): Promise<ArrayBuffer> {
  if (nameOf(algorithm).toUpperCase() !== "HMAC")
    throw unavailable(`crypto.subtle.sign with ${nameOf(algorithm)}`);
  const hash = key.algorithm.hash?.name ?? "SHA-256";
  return buffer(ask(() => host.hmac(hash, RealmCryptoKey.secret(key), bytesOf(data))));
}

async function verify(
  algorithm: Algorithm,
  key: RealmCryptoKey,
  signature: unknown,
  data: unknown,
): Promise<boolean> {
  const given = bytesOf(signature);
  if (nameOf(algorithm).toUpperCase() === "HMAC") {
    const expected = new Uint8Array(await sign(algorithm, key, data));
    let difference = expected.length ^ given.length;
    for (const [at, byte] of expected.entries()) difference |= byte ^ (given[at] ?? 0);
    return difference === 0;
  }
  const request: VerifyRequest = {
    algorithm: nameOf(algorithm) as VerifyRequest["algorithm"],
    hash: hashOf(algorithm) ?? key.algorithm.hash?.name,
    saltLength: typeof algorithm === "string" ? undefined : algorithm.saltLength,
    ...RealmCryptoKey.public(key),
  };
  return ask(() => host.verify(request, given, bytesOf(data)));
}

const refuse = (operation: string) => async () => {
  throw unavailable(`crypto.subtle.${operation}`);
};

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  if (view.byteLength > 65_536)
    throw new Error("getRandomValues fills at most 65536 bytes at once.");
  bytesOf(view).set(host.randomBytes(view.byteLength));
  return view;
}

function randomUUID(): string {
  const bytes = getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

define("CryptoKey", RealmCryptoKey);
define("crypto", {
  getRandomValues,
  randomUUID,
  subtle: {
    digest: async (algorithm: Algorithm, data: unknown) =>
      buffer(ask(() => host.digest(nameOf(algorithm), bytesOf(data)))),
    importKey,
    sign,
    verify,
    generateKey: refuse("generateKey"),
    exportKey: refuse("exportKey"),
    encrypt: refuse("encrypt"),
    decrypt: refuse("decrypt"),
    deriveKey: refuse("deriveKey"),
    deriveBits: refuse("deriveBits"),
    wrapKey: refuse("wrapKey"),
    unwrapKey: refuse("unwrapKey"),
  },
});
