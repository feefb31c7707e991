import { exportJWK, exportPKCS8, generateKeyPair } from "jose";

export type DeploymentKeys = {
  readonly MUSTER_JWKS: string;
  /** The private key in the form of a JWK. */
  readonly MUSTER_JWT_KEY: string;
  readonly pkcs8: string;
};

/** What `muster up` makes for a deployment: an ES256 key pair in the deployment's variables. */
export async function deploymentKeys(): Promise<DeploymentKeys> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const named = { alg: "ES256", use: "sig", kid: "test" };
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), ...named }] });
  return {
    MUSTER_JWKS: `data:application/json;base64,${Buffer.from(jwks).toString("base64")}`,
    MUSTER_JWT_KEY: JSON.stringify({ ...(await exportJWK(privateKey)), ...named }),
    pkcs8: await exportPKCS8(privateKey),
  };
}
