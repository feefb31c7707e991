import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from "jose";
import type { AuthProvider, UserAttributes } from "../engine/engine.ts";
import { discoverKeySet, isSameIssuer, issuerOfDomain } from "./discovery.ts";
import { attributesOf } from "./attributes.ts";

const LONGEST_TOKEN = 16 * 1024;
/** For how long a token that was verified is not verified again; a key that its provider withdraws counts until then. */
const TRUSTED_MS = 60_000;
const MOST_TRUSTED = 1_000;

interface Issuer {
  readonly name: string;
  /** The audience that tokens must have; absent accepts any. */
  readonly audience: string | undefined;
  /** Where the public keys are: an http(s) URL or a data URI. Absent: the issuer has to be asked. */
  readonly jwks: string | undefined;
  readonly algorithms: readonly string[];
}

function issuerOf(provider: AuthProvider): Issuer {
  if ("type" in provider) {
    const { issuer, applicationID, jwks, algorithm } = provider;
    return { name: issuer, audience: applicationID, jwks, algorithms: [algorithm] };
  }
  const { domain, applicationID } = provider;
  const name = issuerOfDomain(domain);
  return { name, audience: applicationID, jwks: undefined, algorithms: ["RS256", "ES256"] };
}

/** The token is not valid here. `message` is safe to show to whoever presented it. */
export class TokenError extends Error {
  override readonly name = "TokenError";
}

export interface VerifiedToken {
  readonly attributes: UserAttributes;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A token that was verified by these providers, and the times (milliseconds since the epoch) between which that is enough. */
interface Trusted {
  readonly verified: VerifiedToken;
  readonly providers: readonly AuthProvider[];
  readonly from: number;
  readonly until: number;
}

/** Verifies JWTs by the providers that the functions folder configures at that moment. */
export class TokenVerifier {
  readonly #providers: () => readonly AuthProvider[];
  readonly #now: () => number;
  readonly #keys = new Map<string, Promise<JWTVerifyGetKey>>();
  readonly #trusted = new Map<string, Trusted>();

  constructor(providers: () => readonly AuthProvider[], now: () => number) {
    this.#providers = providers;
    this.#now = now;
  }

  /** Rejects with TokenError when no provider vouches for the token or it has expired. */
  async verify(token: string): Promise<VerifiedToken> {
    const providers = this.#providers();
    const now = this.#now();
    const trusted = this.#trusted.get(token);
    if (trusted?.providers === providers && trusted.from <= now && now < trusted.until)
      return trusted.verified;
    this.#trusted.delete(token);
    const verified = await this.#verifyAnew(token);
    const until = Math.min(verified.expiresAt, now + TRUSTED_MS);
    if (this.#trusted.size >= MOST_TRUSTED) this.#trusted.clear();
    this.#trusted.set(token, { verified, providers, from: now, until });
    return verified;
  }

  async #verifyAnew(token: string): Promise<VerifiedToken> {
    const issuer = this.#issuerOf(token);
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, await this.#keysOf(issuer), {
        algorithms: [...issuer.algorithms],
        ...(issuer.audience === undefined ? {} : { audience: issuer.audience }),
        requiredClaims: ["sub", "exp"],
        currentDate: new Date(this.#now()),
      }));
    } catch (cause) {
      throw refusal(cause);
    }
    const { sub, exp } = payload;
    if (typeof sub !== "string" || sub === "" || typeof exp !== "number") {
      throw new TokenError("Could not verify the token: it names nobody.");
    }
    return {
      attributes: attributesOf(payload.iss ?? issuer.name, sub, payload),
      expiresAt: exp * 1000,
    };
  }

  #issuerOf(token: string): Issuer {
    if (token.length > LONGEST_TOKEN) throw new TokenError("The token is too long.");
    let claims: JWTPayload;
    try {
      claims = decodeJwt(token);
    } catch {
      throw new TokenError("The token is not a JWT.");
    }
    const audiences = new Set([claims.aud ?? []].flat());
    const issuer = this.#providers()
      .map(issuerOf)
      .find(
        ({ name, audience, jwks }) =>
          (jwks === undefined ? isSameIssuer(claims.iss, name) : claims.iss === name) &&
          (audience === undefined || audiences.has(audience)),
      );
    if (issuer === undefined) {
      throw new TokenError("No auth provider found matching the given token.");
    }
    return issuer;
  }

  #keysOf({ jwks, name }: Issuer): Promise<JWTVerifyGetKey> {
    const key = jwks ?? name;
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const keys = (jwks === undefined ? discoverKeySet(name) : Promise.resolve(jwks)).then(
      openKeySet,
    );
    this.#keys.set(key, keys);
    // A provider that did not answer is asked again by the next token.
    keys.catch(() => this.#keys.delete(key));
    return keys;
  }
}

function openKeySet(jwks: string): JWTVerifyGetKey {
  const data = /^data:[^,]*?(;base64)?,(.*)$/s.exec(jwks);
  if (data === null) return createRemoteJWKSet(new URL(jwks));
  const [, base64, body = ""] = data;
  const text =
    base64 === undefined ? decodeURIComponent(body) : Buffer.from(body, "base64").toString();
  return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
}

function refusal(cause: unknown): TokenError {
  const expired = cause instanceof errors.JWTExpired;
  return new TokenError(expired ? "The token has expired." : "Could not verify the token.", {
    cause,
  });
}
