import { SignJWT, importJWK, importPKCS8 } from "jose";
import type { CryptoKey, JWK } from "jose";
import type { Id } from "../../_generated/dataModel.js";
import { env } from "../../_generated/server.js";

const ALGORITHM = "ES256";
const AUDIENCE = "muster";
const LIFE_S = 60 * 60;

/** A token of 60 minutes that says nothing but which credential calls. Actions only: it signs. */
export async function signToken(
  credentialId: Id<"credentials">,
): Promise<{ token: string; expiresAt: number }> {
  const { key, kid } = await signingKey();
  const issuedAt = Math.floor(Date.now() / 1000);
  const token = await new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid })
    .setSubject(credentialId)
    .setIssuer(env.CONVEX_SITE_URL ?? "")
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFE_S)
    .sign(key);
  return { token, expiresAt: (issuedAt + LIFE_S) * 1000 };
}

/** The deployment's key, a JWK or PKCS8; its name is the one that the published key carries. */
async function signingKey(): Promise<{ key: CryptoKey | Uint8Array; kid: string }> {
  const given = env.MUSTER_JWT_KEY;
  if (given === undefined) throw new Error("MUSTER_JWT_KEY is not set; `muster keys` prints it.");
  if (!given.trimStart().startsWith("{"))
    return { key: await importPKCS8(given, ALGORITHM), kid: publishedKid() };
  const jwk = JSON.parse(given) as JWK;
  return { key: await importJWK(jwk, ALGORITHM), kid: jwk.kid ?? publishedKid() };
}

function publishedKid(): string {
  const uri = env.MUSTER_JWKS ?? "";
  const body = uri.slice(uri.indexOf(",") + 1);
  const text = uri.slice(0, uri.indexOf(",")).endsWith(";base64")
    ? atob(body)
    : decodeURIComponent(body);
  const { keys } = JSON.parse(text) as { keys: JWK[] };
  const kid = keys[0]?.kid;
  if (kid === undefined) throw new Error("MUSTER_JWKS has no key with a kid.");
  return kid;
}
