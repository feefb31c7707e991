import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { describe, expect, onTestFinished, test } from "vitest";
import { discoverKeySet } from "./discovery.ts";
import { TokenVerifier } from "./token.ts";

const NOW = Date.UTC(2026, 10, 20);

interface Provider {
  readonly url: string;
  readonly asked: string[];
  /** What it says of itself; may be changed. */
  configuration: unknown;
  status: number;
  tokenFor(audience: string, issuer?: string): Promise<string>;
}

async function openIdProvider(): Promise<Provider> {
  const pair = await generateKeyPair("RS256");
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" }];
  const server = createServer((request, response) => {
    provider.asked.push(request.url ?? "");
    const isKeys = request.url === "/keys";
    response.writeHead(provider.status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isKeys ? { keys } : provider.configuration));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: Provider = {
    url,
    asked: [],
    configuration: { issuer: url, jwks_uri: `${url}/keys` },
    status: 200,
    tokenFor: async (audience, issuer = url) =>
      await new SignJWT({ iss: issuer, aud: audience, sub: "ada", exp: NOW / 1000 + 60 })
        .setProtectedHeader({ alg: "RS256", kid: "k1" })
        .sign(pair.privateKey),
  };
  return provider;
}

const verifierOf = (domain: string) =>
  new TokenVerifier(
    () => [{ domain, applicationID: "harbor" }],
    () => NOW,
  );

test("an OpenID provider is asked for its keys once, and its tokens are good for its application only", async () => {
  const provider = await openIdProvider();
  const verifier = verifierOf(provider.url);
  for (let turn = 0; turn < 2; turn += 1) {
    const { attributes } = await verifier.verify(await provider.tokenFor("harbor"));
    expect(attributes).toMatchObject({ tokenIdentifier: `${provider.url}|ada`, subject: "ada" });
  }
  expect(provider.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  await expect(verifier.verify(await provider.tokenFor("quay"))).rejects.toThrow(
    /No auth provider/,
  );
});

test("an issuer may end with a slash in one place and not in the other", async () => {
  const provider = await openIdProvider();
  const token = await provider.tokenFor("harbor", `${provider.url}/`);
  expect(await verifierOf(provider.url).verify(token)).toMatchObject({
    attributes: { issuer: `${provider.url}/` },
  });
});

test("a provider that is down refuses tokens until it is up again", async () => {
  const provider = await openIdProvider();
  const verifier = verifierOf(provider.url);
  provider.status = 503;
  const token = await provider.tokenFor("harbor");
  await expect(verifier.verify(token)).rejects.toThrow("Could not verify the token.");
  provider.status = 200;
  expect(await verifier.verify(token)).toMatchObject({ attributes: { subject: "ada" } });
});

describe("a custom provider whose keys lie at an address", () => {
  const ISSUER = "https://harbor.example";
  const verifierAt = ({ url }: Provider, algorithm: "RS256" | "ES256" = "RS256") =>
    new TokenVerifier(
      () => [
        {
          type: "customJwt",
          issuer: ISSUER,
          applicationID: "harbor",
          jwks: `${url}/keys`,
          algorithm,
        },
      ],
      () => NOW,
    );

  test("is asked for them once, and for nothing else", async () => {
    const provider = await openIdProvider();
    const verifier = verifierAt(provider);
    for (let turn = 0; turn < 2; turn += 1) {
      const { attributes } = await verifier.verify(await provider.tokenFor("harbor", ISSUER));
      expect(attributes).toMatchObject({ tokenIdentifier: `${ISSUER}|ada`, subject: "ada" });
    }
    expect(provider.asked).toEqual(["/keys"]);
  });

  test("vouches for nobody with other keys or by another algorithm", async () => {
    const [provider, evil] = [await openIdProvider(), await openIdProvider()];
    const forged = await evil.tokenFor("harbor", ISSUER);
    await expect(verifierAt(provider).verify(forged)).rejects.toThrow(
      "Could not verify the token.",
    );
    const token = await provider.tokenFor("harbor", ISSUER);
    await expect(verifierAt(provider, "ES256").verify(token)).rejects.toThrow(
      "Could not verify the token.",
    );
  });

  test("refuses tokens while it is down", async () => {
    const provider = await openIdProvider();
    const verifier = verifierAt(provider);
    const token = await provider.tokenFor("harbor", ISSUER);
    provider.status = 503;
    await expect(verifier.verify(token)).rejects.toThrow("Could not verify the token.");
    provider.status = 200;
    expect(await verifier.verify(token)).toMatchObject({ attributes: { subject: "ada" } });
  });
});

test.each<[string, (url: string) => unknown]>([
  ["of another issuer", (url) => ({ issuer: "https://evil.example", jwks_uri: `${url}/keys` })],
  ["without keys", (url) => ({ issuer: url })],
  ["with keys over an open line", (url) => ({ issuer: url, jwks_uri: "http://evil.example/keys" })],
  ["that is nothing", () => null],
])("a configuration %s is refused", async (_, configurationOf) => {
  const provider = await openIdProvider();
  provider.configuration = configurationOf(provider.url);
  await expect(discoverKeySet(provider.url)).rejects.toThrow(Error);
});

test("a provider elsewhere is asked over https only", async () => {
  await expect(discoverKeySet("http://harbor.example")).rejects.toThrow(/is not https/);
});
