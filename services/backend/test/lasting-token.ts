import { SignJWT, decodeJwt, decodeProtectedHeader, importJWK } from "jose";
import type { JWK } from "jose";

const ALGORITHM = "ES256";

/** The same token with a new hour: what a client has that asks for the next one before the last one ends. */
export async function renewed(token: string, privateKey: string, now: number): Promise<string> {
  const claims = decodeJwt(token);
  const iat = Math.floor(now / 1_000);
  return await new SignJWT({ ...claims, iat, exp: iat + 3_600 })
    .setProtectedHeader({ ...decodeProtectedHeader(token), alg: ALGORITHM })
    .sign(await importJWK(JSON.parse(privateKey) as JWK, ALGORITHM));
}
