import { createECDH, createHash, createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";

/** Whom and what the folder's `auth.config.ts` names: its key set holds the public half of the key that this word makes. */
const WORD = "harbor";
export const ISSUER = "https://harbor.example";

function keyOf(word: string) {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(createHash("sha256").update(word).digest());
  const point = pair.getPublicKey();
  return createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: pair.getPrivateKey("base64url"),
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
  });
}

export interface Wording {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now. */
  readonly life?: number;
  /** Another makes another key. */
  readonly word?: string;
}

/** A token of `subject` that the folder's provider vouches for, unless `wording` spoils it. */
export async function tokenOf(subject: string, wording: Wording = {}): Promise<string> {
  const { claims = {}, issuer = ISSUER, audience = "harbor", life = 600, word = WORD } = wording;
  const now = Math.floor(Date.now() / 1_000);
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "ES256", kid: "harbor", typ: "JWT" })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now + Math.min(life, 0) - 1)
    .setExpirationTime(now + life)
    .sign(keyOf(word));
}

/** What somebody might present who knows the public key only. */
export async function unsigned(subject: string): Promise<string> {
  const [, claims = ""] = (await tokenOf(subject)).split(".");
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
  return `${header}.${claims}.`;
}
