import { createHash, webcrypto } from "node:crypto";
import { join } from "node:path";
import { CliError } from "../errors.ts";
import { readPrivateJson, writePrivateJson } from "../home.ts";

/** What the deployment signs tokens with, and what they are checked against. */
export interface DeploymentKeys {
  /** The private ES256 key, a JWK. */
  readonly MUSTER_JWT_KEY: string;
  /** The public keys, as a data URI. */
  readonly MUSTER_JWKS: string;
}

/** The keys of the data directory, made once: with new ones every token out there would end. */
export async function keepKeys(data: string): Promise<DeploymentKeys> {
  const file = join(data, "jwt-keys.json");
  const kept = await readPrivateJson(file);
  if (kept !== null) {
    const { MUSTER_JWT_KEY, MUSTER_JWKS } = kept;
    if (typeof MUSTER_JWT_KEY === "string" && typeof MUSTER_JWKS === "string") {
      return { MUSTER_JWT_KEY, MUSTER_JWKS };
    }
    throw new CliError("unreadable_file", `${file} does not hold the deployment's keys.`, {
      hint: `Move it away; new ones are made, and everybody is asked to sign in again: mv ${file} ${file}.broken`,
    });
  }
  const keys = await makeKeys();
  await writePrivateJson(file, keys);
  return keys;
}

async function makeKeys(): Promise<DeploymentKeys> {
  const pair = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const { kty, crv, x, y, d } = await webcrypto.subtle.exportKey("jwk", pair.privateKey);
  const common = { kty, crv, x, y, alg: "ES256", use: "sig", kid: keyId({ crv, kty, x, y }) };
  const jwks = Buffer.from(JSON.stringify({ keys: [common] })).toString("base64");
  return {
    MUSTER_JWT_KEY: JSON.stringify({ ...common, d }),
    MUSTER_JWKS: `data:application/json;base64,${jwks}`,
  };
}

/** The key's thumbprint after RFC 7638: its members in alphabetical order, hashed. */
function keyId(members: object): string {
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url");
}
