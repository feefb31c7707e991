import { SignJWT, exportJWK, generateKeyPair } from "jose";
import type { AuthProvider } from "convex/server";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TokenError, TokenVerifier } from "./token.ts";

const NOW = Date.UTC(2026, 10, 20);
const ISSUER = "http://127.0.0.1:3211";

let privateKey: CryptoKey;
let provider: AuthProvider;

beforeAll(async () => {
  const pair = await generateKeyPair("ES256");
  privateKey = pair.privateKey;
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256", use: "sig" }];
  const jwks = `data:application/json;base64,${Buffer.from(JSON.stringify({ keys })).toString("base64")}`;
  provider = {
    type: "customJwt",
    issuer: ISSUER,
    applicationID: "muster",
    jwks,
    algorithm: "ES256",
  };
});

const verifier = () =>
  new TokenVerifier(
    () => [provider],
    () => NOW,
  );

async function tokenOf(claims: object, options: { key?: CryptoKey; alg?: string } = {}) {
  return await new SignJWT({
    iss: ISSUER,
    aud: "muster",
    sub: "ada",
    iat: NOW / 1000,
    exp: NOW / 1000 + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: options.alg ?? "ES256", kid: "k1", typ: "JWT" })
    .sign(options.key ?? privateKey);
}

test("a valid token names its bearer under the names that functions know", async () => {
  const token = await tokenOf({
    given_name: "Ada",
    email_verified: true,
    rooms: ["harbor"],
    properties: { seat: "planner" },
  });
  const { attributes, expiresAt } = await verifier().verify(token);
  expect(expiresAt).toBe(NOW + 60_000);
  expect(attributes).toEqual({
    tokenIdentifier: `${ISSUER}|ada`,
    issuer: ISSUER,
    subject: "ada",
    givenName: "Ada",
    emailVerified: true,
    rooms: ["harbor"],
    "properties.seat": "planner",
  });
});

test("a claim cannot take the place of the verified name", async () => {
  const token = await tokenOf({ tokenIdentifier: "linus", subject: "linus" });
  const { attributes } = await verifier().verify(token);
  expect(attributes).toMatchObject({ tokenIdentifier: `${ISSUER}|ada`, subject: "ada" });
});

describe("a token is refused", () => {
  test.each([
    ["when it has expired", { exp: NOW / 1000 - 1 }],
    ["when it never expires", { exp: undefined }],
    ["when it names nobody", { sub: "" }],
    ["for another audience", { aud: "elsewhere" }],
    ["by another issuer", { iss: "https://evil.example" }],
    ["before its time", { nbf: NOW / 1000 + 60 }],
  ])("%s", async (_, claims) => {
    await expect(verifier().verify(await tokenOf(claims))).rejects.toThrow(TokenError);
  });

  test("when another key signed it", async () => {
    const { privateKey: other } = await generateKeyPair("ES256");
    await expect(verifier().verify(await tokenOf({}, { key: other }))).rejects.toThrow(TokenError);
  });

  test("when nobody signed it", async () => {
    const [, payload] = (await tokenOf({})).split(".");
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    await expect(verifier().verify(`${header}.${payload}.`)).rejects.toThrow(TokenError);
  });

  test.each(["", "undefined", "null", "a.b.c", "x".repeat(100_000)])(
    "when it is no token",
    async (token) => {
      await expect(verifier().verify(token)).rejects.toThrow(TokenError);
    },
  );
});

describe("a token that was good before", () => {
  let now: number;
  let providers: readonly AuthProvider[];
  let token: string;
  let tokens: TokenVerifier;

  beforeEach(async () => {
    now = NOW;
    providers = [provider];
    tokens = new TokenVerifier(
      () => providers,
      () => now,
    );
    token = await tokenOf({ exp: NOW / 1000 + 10 });
    await tokens.verify(token);
  });

  test("is good again", async () => {
    now += 9_999;
    expect((await tokens.verify(token)).attributes).toMatchObject({ subject: "ada" });
  });

  test("is refused from its end on", async () => {
    now += 10_000;
    await expect(tokens.verify(token)).rejects.toThrow("The token has expired.");
  });

  test("is refused once its provider is no longer configured", async () => {
    providers = [];
    await expect(tokens.verify(token)).rejects.toThrow("No auth provider found");
  });
});
