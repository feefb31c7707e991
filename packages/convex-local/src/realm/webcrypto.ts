import {
  constants,
  createHash,
  createHmac,
  createPublicKey,
  type JsonWebKey as NodeJsonWebKey,
  type KeyObject,
  verify as verifySignature,
} from "node:crypto";
import type { VerifyRequest } from "./host.ts";

const HASHES: Readonly<Record<string, string>> = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function hashNamed(name: string): string {
  const hash = HASHES[name.toUpperCase()];
  if (hash === undefined) throw new Error(`Unrecognized hash algorithm: ${name}`);
  return hash;
}

export function digest(algorithm: string, data: Uint8Array): Uint8Array {
  return createHash(hashNamed(algorithm)).update(data).digest();
}

export function hmac(hash: string, key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac(hashNamed(hash), key).update(data).digest();
}

export function verify(request: VerifyRequest, signature: Uint8Array, data: Uint8Array): boolean {
  const key = publicKey(request);
  const hash = hashNamed(request.hash ?? "SHA-256");
  switch (request.algorithm) {
    case "Ed25519":
      return verifySignature(null, data, key, signature);
    case "ECDSA":
      return verifySignature(hash, data, { key, dsaEncoding: "ieee-p1363" }, signature);
    case "RSA-PSS": {
      const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST } = constants;
      const saltLength = request.saltLength ?? RSA_PSS_SALTLEN_DIGEST;
      return verifySignature(hash, data, { key, padding, saltLength }, signature);
    }
    case "RSASSA-PKCS1-v1_5":
      return verifySignature(hash, data, key, signature);
    default:
      throw new Error(`Unrecognized algorithm: ${String(request.algorithm)}`);
  }
}

function publicKey({ format, key }: VerifyRequest): KeyObject {
  return format === "jwk"
    ? createPublicKey({ key: JSON.parse(key) as NodeJsonWebKey, format: "jwk" })
    : createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
}
