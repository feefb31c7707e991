import { webcrypto } from "node:crypto";
import { describe, expect, test } from "vitest";
import { SimulatedCrypto } from "./crypto.ts";
import { seededRandom } from "./random.ts";

const DATA = new TextEncoder().encode("harbor");
const simulated = () => new SimulatedCrypto(seededRandom(1));

const ALGORITHMS = [
  [
    { name: "ECDSA", namedCurve: "P-256" },
    { name: "ECDSA", hash: "SHA-256" },
  ],
  [{ name: "Ed25519" }, { name: "Ed25519" }],
  [{ name: "HMAC", hash: "SHA-512" }, { name: "HMAC" }],
  [rsa("RSASSA-PKCS1-v1_5"), { name: "RSASSA-PKCS1-v1_5" }],
  [rsa("RSA-PSS"), { name: "RSA-PSS", saltLength: 32 }],
] as const;

function rsa(name: string) {
  const publicExponent = new Uint8Array([1, 0, 1]);
  return { name, hash: "SHA-256", modulusLength: 2048, publicExponent };
}

async function keysOf(algorithm: webcrypto.AlgorithmIdentifier) {
  const made = await webcrypto.subtle.generateKey(algorithm as "Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } =
    "privateKey" in made ? made : { privateKey: made, publicKey: made };
  return { privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey };
}

/** Whether it settles without anything but promises running. */
async function isAtOnce(work: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  work.then(settled, settled);
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  return isSettled;
}

function draw() {
  const crypto = simulated();
  return [crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(9))];
}

describe("crypto inside a simulation", () => {
  test.each(ALGORITHMS)("signs and verifies as the platform does: %o", async (made, used) => {
    const { privateKey, publicKey } = await keysOf(made);
    const { subtle } = simulated();
    const signature = await subtle.sign(used, privateKey, DATA);
    expect(await webcrypto.subtle.verify(used, publicKey, signature, DATA)).toBe(true);
    const theirs = await webcrypto.subtle.sign(used, privateKey, DATA);
    expect(await subtle.verify(used, publicKey, theirs, DATA)).toBe(true);
    expect(await subtle.verify(used, publicKey, theirs, new Uint8Array(3))).toBe(false);
    expect(await subtle.verify(used, publicKey, new Uint8Array(theirs.byteLength), DATA)).toBe(
      false,
    );
  });

  test("digests, signs and verifies before anything else happens", async () => {
    const { privateKey, publicKey } = await keysOf(ALGORITHMS[0][0]);
    const { subtle } = simulated();
    const used = ALGORITHMS[0][1];
    expect(await isAtOnce(subtle.digest("SHA-256", DATA))).toBe(true);
    expect(await isAtOnce(subtle.sign(used, privateKey, DATA))).toBe(true);
    expect(await isAtOnce(subtle.verify(used, publicKey, new Uint8Array(64), DATA))).toBe(true);
    expect(await subtle.digest("SHA-256", DATA)).toEqual(
      await webcrypto.subtle.digest("SHA-256", DATA),
    );
  });

  test("refuses a key for what it is not for", async () => {
    const { privateKey } = await keysOf(ALGORITHMS[0][0]);
    const used = ALGORITHMS[0][1];
    await expect(
      simulated().subtle.verify(used, privateKey, new Uint8Array(64), DATA),
    ).rejects.toThrow("not for use with verify");
  });

  test("signs with a key that may not be exported", async () => {
    const { privateKey, publicKey } = await keysOf(ALGORITHMS[0][0]);
    const { subtle } = simulated();
    const [made, used] = ALGORITHMS[0];
    const jwk = await webcrypto.subtle.exportKey("jwk", privateKey);
    const kept = await subtle.importKey("jwk", jwk, made, false, ["sign"]);
    expect(kept.extractable).toBe(false);
    const signature = await subtle.sign(used, kept, DATA);
    expect(await webcrypto.subtle.verify(used, publicKey, signature, DATA)).toBe(true);
  });

  test("is idle when what still runs on other threads has ended", async () => {
    const crypto = simulated();
    let isMade = false;
    const make = async () => {
      await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
      isMade = true;
    };
    const making = make();
    await crypto.idle();
    expect(isMade).toBe(true);
    await making;
  });

  test("draws the same from the same seed", () => {
    expect(draw()).toEqual(draw());
  });
});
