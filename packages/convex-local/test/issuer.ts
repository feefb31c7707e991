import { SignJWT, exportJWK, generateKeyPair } from "jose";

/** Signs tokens that the fixture's `auth.config.ts` accepts, once its key set is in `HARBOR_JWKS`. */
export class Issuer {
  readonly jwks: string;
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey, jwks: string) {
    this.#key = key;
    this.jwks = jwks;
  }

  static async create(): Promise<Issuer> {
    const pair = await generateKeyPair("ES256");
    const key = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256", use: "sig" };
    const text = JSON.stringify({ keys: [key] });
    return new Issuer(pair.privateKey, `data:application/json,${encodeURIComponent(text)}`);
  }

  /** `now` in milliseconds, `seconds` of life. */
  async tokenFor(subject: string, issuer: string, now: number, seconds = 3600): Promise<string> {
    const issued = Math.floor(now / 1000);
    return await new SignJWT({ sub: subject, iss: issuer, aud: "harbor" })
      .setProtectedHeader({ alg: "ES256", kid: "k1", typ: "JWT" })
      .setIssuedAt(issued)
      .setExpirationTime(issued + seconds)
      .sign(this.#key);
  }
}
