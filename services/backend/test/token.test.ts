import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import type { JSONWebKeySet } from "jose";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../convex/_generated/api.js";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import { openHarbor } from "./cast.ts";
import { deploymentKeys } from "./keys.ts";

let home: TestHome;
beforeEach(async () => {
  home = await openTestHome();
});
afterEach(async () => {
  await home.close();
});

async function exchanged(): Promise<string> {
  const { adaSecret } = await openHarbor(home);
  return (await home.nobody.action(api.auth.exchange, { secret: adaSecret })).token;
}

const jwksOf = (uri: string) =>
  JSON.parse(Buffer.from(uri.split(",")[1] ?? "", "base64").toString()) as JSONWebKeySet;

test("a token says who calls, for an hour, for this deployment, and nothing else", async () => {
  const token = await exchanged();
  const keys = createLocalJWKSet(jwksOf(process.env["MUSTER_JWKS"] ?? ""));
  const verified = await jwtVerify(token, keys, {
    issuer: "http://127.0.0.1:3211",
    audience: "muster",
    currentDate: new Date(),
  });
  expect(verified.protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: "test" });
  const { exp = 0, iat = 0, ...claims } = verified.payload;
  expect(exp - iat).toBe(3600);
  expect(Object.keys(claims).toSorted()).toEqual(["aud", "iss", "sub"]);
});

test("the deployment's key may also be PKCS8, named by the published key", async () => {
  const { MUSTER_JWKS, pkcs8 } = await deploymentKeys();
  vi.stubEnv("MUSTER_JWKS", MUSTER_JWKS);
  vi.stubEnv("MUSTER_JWT_KEY", pkcs8);
  const { payload } = await jwtVerify(await exchanged(), createLocalJWKSet(jwksOf(MUSTER_JWKS)), {
    currentDate: new Date(),
  });
  expect(payload.aud).toBe("muster");
});

test("secrets and claim tokens are stored as hashes only", async () => {
  const { ada, adaSecret } = await openHarbor(home);
  const { code } = await ada.mutation(api.auth.createCode, {});
  const rows = await home.t.run(async (ctx) => [
    ...(await ctx.db.query("credentials").collect()),
    ...(await ctx.db.query("signInCodes").collect()),
  ]);
  const stored = JSON.stringify(rows);
  expect(adaSecret).toMatch(/^muster_[0-9a-f]{64}$/);
  expect(stored).not.toContain(adaSecret.slice("muster_".length));
  expect(stored).not.toContain(code.split("-")[1]);
});

test("using a secret is noted at most hourly, apart from the credential", async () => {
  const { adaSecret } = await openHarbor(home);
  const uses = () => home.t.run(async (ctx) => await ctx.db.query("credentialUses").collect());
  const before = await uses();
  await home.advance(30 * 60_000);
  const { token } = await home.nobody.action(api.auth.exchange, { secret: adaSecret });
  expect(await uses()).toEqual(before);
  await home.advance(31 * 60_000);
  await home.nobody.action(api.auth.exchange, { secret: adaSecret });
  const mine = (await uses()).find(({ credentialId }) => credentialId === decodeJwt(token).sub);
  expect(mine?.lastUsedAt).toBe(Date.now());
});
