import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import type { Value } from "convex/values";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { scratch, serve } from "./serve.ts";

const sign = async ({ url }: RunningDeployment, claims: Value, seconds = 60) =>
  (await new ConvexHttpClient(url).mutation(anyApi["messages"]!["sign"]!, {
    claims,
    seconds,
  })) as string;

test("a token that a mutation signed is verified by the deployment's key set, also after a restart", async () => {
  const clock = new ManualClock();
  const data = scratch();
  const harbor = await serve({ clock, data });
  expect(await (await fetch(`${harbor.url}/.well-known/jwks.json`)).json()).toEqual({ keys: [] });
  const token = await sign(harbor, { sub: "mini", role: "builder" });
  await harbor.close();
  const again = await serve({ clock, data });
  const keys = createRemoteJWKSet(new URL(`${again.url}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(token, keys, { currentDate: new Date(clock.now()) });
  const issued = clock.now() / 1000;
  expect(payload).toEqual({
    sub: "mini",
    role: "builder",
    iss: harbor.url,
    iat: issued,
    exp: issued + 60,
  });
});

test("the key set holds no private key", async () => {
  const harbor = await serve();
  await sign(harbor, {});
  const { keys } = (await (await fetch(`${harbor.url}/.well-known/jwks.json`)).json()) as {
    keys: object[];
  };
  expect(
    keys.map((key) => Object.keys(key).toSorted((left, right) => (left < right ? -1 : 1))),
  ).toEqual([["alg", "crv", "kid", "kty", "use", "x", "y"]]);
});

test.each<[string, Value, number]>([
  ["its issuer", { iss: "https://evil.example" }, 60],
  ["its end", { exp: 9e9 }, 60],
  ["a claim of Convex", { CvxRole: "admin" }, 60],
  ["no object of claims", ["sub"], 60],
  ["a life of two hours", {}, 7_200],
  ["no life", {}, 0],
  ["claims without end", { text: "x".repeat(10_000) }, 60],
])("a caller does not set %s", async (_, claims, seconds) => {
  await expect(sign(await serve(), claims, seconds)).rejects.toThrow(/Server Error/);
});
