import { convexToJson, type Value } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { open, query } from "../../test/engine.ts";
import type { Engine } from "../engine/engine.ts";

const { subtle } = crypto;
const DATA = new TextEncoder().encode("harbor").buffer;

let engine: Engine;
beforeEach(async () => {
  engine = await open();
});

const rsa = (name: string, hash: string) => ({
  name,
  hash,
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
});

interface Signed {
  readonly publicKey: CryptoKey;
  readonly signature: ArrayBuffer;
}

async function signedBy(making: object, signing: object): Promise<Signed> {
  const pair = await subtle.generateKey(making as RsaHashedKeyGenParams, true, ["sign", "verify"]);
  const signature = await subtle.sign(signing as RsaPssParams, pair.privateKey, DATA);
  return { publicKey: pair.publicKey, signature };
}

async function isVerified(
  { publicKey, signature }: Signed,
  { algorithm, format, data = DATA }: { algorithm: object; format: string; data?: ArrayBuffer },
): Promise<unknown> {
  const exported = await subtle.exportKey(format as "jwk", publicKey);
  const key = (exported instanceof ArrayBuffer ? exported : { ...exported }) as Value;
  const args = { algorithm: algorithm as Value, format, key, data, signature };
  return query(engine, "realm:verifyBy", convexToJson(args));
}

describe.each<[string, object, object]>([
  ["ECDSA", { namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
  ["ECDSA", { namedCurve: "P-384" }, { name: "ECDSA", hash: { name: "SHA-384" } }],
  ["Ed25519", {}, { name: "Ed25519" }],
  ["RSASSA-PKCS1-v1_5", rsa("", "SHA-512"), { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" }],
  ["RSA-PSS", rsa("", "SHA-256"), { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }],
])("a query verifies %s", (name, making, algorithm) => {
  test("by a public key as JWK and as SPKI, and only of what was signed", async () => {
    const signed = await signedBy({ ...making, name }, algorithm);
    for (const format of ["jwk", "spki"]) {
      expect(await isVerified(signed, { algorithm, format })).toBe(true);
      const data = new TextEncoder().encode("harbour").buffer;
      expect(await isVerified(signed, { algorithm, format, data })).toBe(false);
    }
  });
});

describe("the secret of an HMAC", () => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const verify = (format: string, key: Value, signature: ArrayBuffer) =>
    query(
      engine,
      "realm:verifyBy",
      convexToJson({ algorithm, format, key, data: DATA, signature }),
    );

  test("is read from bytes and from a JWK", async () => {
    const secret = new TextEncoder().encode("lighthouse");
    const key = await subtle.importKey("raw", secret, algorithm, true, ["sign"]);
    const signature = await subtle.sign("HMAC", key, DATA);
    const jwk = { kty: "oct", k: Buffer.from(secret).toString("base64url") };
    expect([verify("raw", secret.buffer, signature), verify("jwk", jwk, signature)]).toEqual([
      true,
      true,
    ]);
    const other = new TextEncoder().encode("lighthous").buffer;
    expect(verify("raw", other, signature)).toBe(false);
  });

  test.each<[string, Value]>([
    ["raw", new ArrayBuffer()],
    ["jwk", {}],
    ["jwk", { kty: "RSA", n: "AQAB", e: "AQAB" }],
    ["spki", DATA],
    ["pkcs8", DATA],
  ])("is never empty, for then anybody could sign: %s %j", (format, key) => {
    expect(() => verify(format, key, DATA)).toThrow(/HMAC key/);
  });
});
