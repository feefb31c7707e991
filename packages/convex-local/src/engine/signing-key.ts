import {
  createECDH,
  createHash,
  createPrivateKey,
  type JsonWebKey as NodeJsonWebKey,
  sign,
} from "node:crypto";
import type { JSONValue } from "convex/values";
import type { Store } from "../storage/store.ts";
import type { RandomSource } from "./clock.ts";
import { DeveloperError } from "./failure.ts";

const META = "signingKey";
const LONGEST_LIFE = 60 * 60;
const LARGEST_CLAIMS = 8 * 1024;
const SET_BY_US = new Set(["iss", "iat", "exp", "nbf"]);

export interface PublicKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: "ES256";
  readonly use: "sig";
}

/** The key by which this deployment signs tokens (`ctx.auth.signJwt`). Made by the first mutation that signs, kept in the database. */
export class SigningKey {
  readonly #store: Store;
  readonly #issuer: () => string;
  readonly #random: RandomSource;

  constructor(store: Store, issuer: () => string, random: RandomSource) {
    this.#store = store;
    this.#issuer = issuer;
    this.#random = random;
  }

  /** `now` in milliseconds. Call it within the transaction of a mutation. Throws a DeveloperError for claims that are not the caller's to set. */
  sign(
    claims: JSONValue | undefined,
    expiresInSeconds: JSONValue | undefined,
    now: number,
  ): string {
    const own = refuseClaims(claims ?? {});
    if (
      typeof expiresInSeconds !== "number" ||
      !(expiresInSeconds >= 1 && expiresInSeconds <= LONGEST_LIFE)
    ) {
      throw new DeveloperError(`A token lasts from 1 to ${LONGEST_LIFE} seconds.`);
    }
    const key = this.#kept() ?? this.#make();
    const issued = Math.floor(now / 1000);
    const payload = {
      ...own,
      iss: this.#issuer(),
      iat: issued,
      exp: issued + Math.floor(expiresInSeconds),
    };
    const signed = `${encode({ alg: "ES256", typ: "JWT", kid: kidOf(key) })}.${encode(payload)}`;
    const privateKey = createPrivateKey({ key, format: "jwk" });
    const seal = sign("sha256", Buffer.from(signed), {
      key: privateKey,
      dsaEncoding: "ieee-p1363",
    });
    return `${signed}.${seal.toString("base64url")}`;
  }

  /** What anybody may verify those tokens with. */
  publicKeys(): PublicKey[] {
    const key = this.#kept();
    if (key === undefined) return [];
    const { kty = "", crv = "", x = "", y = "" } = key;
    return [{ kty, crv, x, y, kid: kidOf(key), alg: "ES256", use: "sig" }];
  }

  #kept(): NodeJsonWebKey | undefined {
    const text = this.#store.meta(META);
    return text === undefined ? undefined : (JSON.parse(text) as NodeJsonWebKey);
  }

  #make(): NodeJsonWebKey {
    const secret = Buffer.from(this.#random.bytes(32));
    const pair = createECDH("prime256v1");
    // Throws for one draw in 2³²; the mutation can be asked for again.
    pair.setPrivateKey(secret);
    const point = pair.getPublicKey();
    const key = {
      kty: "EC",
      crv: "P-256",
      x: point.toString("base64url", 1, 33),
      y: point.toString("base64url", 33),
      d: secret.toString("base64url"),
    };
    this.#store.setMeta(META, JSON.stringify(key));
    return key;
  }
}

function refuseClaims(claims: JSONValue): { [claim: string]: JSONValue | undefined } {
  if (claims === null || typeof claims !== "object" || Array.isArray(claims)) {
    throw new DeveloperError("The claims of a token are an object.");
  }
  const taken = Object.keys(claims).find(
    (name) => SET_BY_US.has(name) || /^(?:convex|cvx)/i.test(name),
  );
  if (taken !== undefined)
    throw new DeveloperError(`The claim \`${taken}\` is not the caller's to set.`);
  if (JSON.stringify(claims).length > LARGEST_CLAIMS) {
    throw new DeveloperError(
      `The claims of a token are too large: at most ${LARGEST_CLAIMS} bytes.`,
    );
  }
  return claims;
}

/** The thumbprint of RFC 7638. */
function kidOf({ crv, kty, x, y }: NodeJsonWebKey): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
