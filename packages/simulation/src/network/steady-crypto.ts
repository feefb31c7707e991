import {
  createHash,
  createPrivateKey,
  createPublicKey,
  KeyObject,
  sign,
  verify,
} from "node:crypto";
import type { JsonWebKey, webcrypto } from "node:crypto";

type Data = NodeJS.ArrayBufferView | ArrayBuffer;

/**
 * Keys, signatures and hashes are made at once instead of on threads, whose order no seed decides. A signature that was
 * verified once is not verified again: most requests carry one that was seen before.
 */
export function steadyCrypto(): void {
  const known = new Map<string, boolean>();
  const dsaEncoding = "ieee-p1363";
  const steady = {
    importKey(
      _format: "jwk",
      jwk: JsonWebKey,
      algorithm: webcrypto.EcKeyImportParams,
      _: boolean,
      uses: webcrypto.KeyUsage[],
    ) {
      const read = jwk.d === undefined ? createPublicKey : createPrivateKey;
      return read({ key: jwk, format: "jwk" }).toCryptoKey(algorithm, true, uses);
    },
    digest(_algorithm: "SHA-256", data: Data) {
      return Uint8Array.from(createHash("sha256").update(bytesOf(data)).digest()).buffer;
    },
    sign(_algorithm: unknown, key: webcrypto.CryptoKey, data: Data) {
      const how = { key: KeyObject.from(key), dsaEncoding } as const;
      return Uint8Array.from(sign("sha256", bytesOf(data), how)).buffer;
    },
    verify(_algorithm: unknown, key: webcrypto.CryptoKey, signature: Data, data: Data) {
      const name = `${bytesOf(signature).toString("latin1")}.${bytesOf(data).toString("latin1")}`;
      let valid = known.get(name);
      if (valid !== undefined) return valid;
      const how = { key: KeyObject.from(key), dsaEncoding } as const;
      if (known.size > 5_000) known.clear();
      known.set(name, (valid = verify("sha256", bytesOf(data), how, bytesOf(signature))));
      return valid;
    },
  };
  for (const [name, work] of Object.entries(steady)) {
    const value = async (...args: never[]) =>
      await Promise.resolve((work as (...given: never[]) => unknown)(...args));
    Object.defineProperty(globalThis.crypto.subtle, name, { value, configurable: true });
  }
}

function bytesOf(data: Data): Buffer {
  return data instanceof ArrayBuffer
    ? Buffer.from(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
