import { generateKeyPairSync } from "node:crypto";

/** What `muster up` makes for a deployment. Not by the seed: no event tells of it. */
export function deploymentKeys(): { MUSTER_JWKS: string; MUSTER_JWT_KEY: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const named = { alg: "ES256", use: "sig", kid: "simulation" };
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), ...named }] });
  return {
    MUSTER_JWKS: `data:application/json;base64,${Buffer.from(jwks).toString("base64")}`,
    MUSTER_JWT_KEY: JSON.stringify({ ...privateKey.export({ format: "jwk" }), ...named }),
  };
}
