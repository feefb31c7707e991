import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { beforeEach, describe, expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { Issuer } from "./issuer.ts";
import { ManualClock } from "./manual-clock.ts";
import { serve } from "./serve.ts";
import { SyncSocket } from "./sync-socket.ts";

let issuer: Issuer;
let clock: ManualClock;
let harbor: RunningDeployment;

beforeEach(async () => {
  issuer = await Issuer.create();
  clock = new ManualClock();
  harbor = await serve({ clock, env: { HARBOR_JWKS: issuer.jwks } });
});

const tokenFor = async (subject: string, seconds?: number) =>
  await issuer.tokenFor(subject, harbor.siteUrl, clock.now(), seconds);

const signIn = (value: string, baseVersion = 0) => ({
  type: "Authenticate",
  tokenType: "User",
  baseVersion,
  value,
});

test("a token that auth.config vouches for names the caller over HTTP", async () => {
  const client = new ConvexHttpClient(harbor.url);
  client.setAuth(await tokenFor("ada"));
  expect(await client.query(anyApi["messages"]!["whoami"]!)).toEqual({
    tokenIdentifier: `${harbor.siteUrl}|ada`,
    issuer: harbor.siteUrl,
    subject: "ada",
  });
});

test("signing in runs every query again, as the one who signed in", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([["messages:whoami", {}]]);
  expect((await ada.takeTransition()).modifications).toMatchObject([{ value: null }]);
  ada.send(signIn(await tokenFor("ada")));
  const { endVersion, modifications } = await ada.takeTransition();
  expect(endVersion.identity).toBe(1);
  expect(modifications).toMatchObject([{ value: { subject: "ada" } }]);
  ada.send(signIn(await tokenFor("linus"), 1));
  expect((await ada.takeTransition()).modifications).toMatchObject([
    { value: { subject: "linus" } },
  ]);
});

test("two people who watch the same query each see their own answer", async () => {
  const answers = await Promise.all(
    ["ada", "linus", "ada"].map(async (person) => {
      const socket = await SyncSocket.open(harbor.url);
      socket.send(signIn(await tokenFor(person)));
      socket.watch([["messages:whoami", {}]]);
      for (;;) {
        const [modification] = (await socket.takeTransition()).modifications;
        if (modification !== undefined) return (modification.value as { subject: string }).subject;
      }
    }),
  );
  expect(answers).toEqual(["ada", "linus", "ada"]);
});

test("a mutation that follows a sign-in runs as that person", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.send(signIn(await tokenFor("ada")));
  ada.send({ type: "Action", requestId: 0, udfPath: "jobs:whoami", args: [{}] });
  const messages = [await ada.take(), await ada.take()];
  expect(messages).toContainEqual(
    expect.objectContaining({ type: "ActionResponse", success: true, result: "ada" }),
  );
});

describe("a token that is not valid ends the connection with a reason to fetch another", () => {
  test.each(["expired", "forged", "empty"])("%s", async (kind) => {
    const forger = await Issuer.create();
    const token = {
      expired: await tokenFor("ada", -1),
      forged: await forger.tokenFor("ada", harbor.siteUrl, clock.now()),
      empty: "",
    }[kind]!;
    const ada = await SyncSocket.open(harbor.url);
    ada.send(signIn(token));
    ada.mutate(0, "messages:send", { room: "harbor", text: "as nobody" });
    expect(await ada.take()).toMatchObject({
      type: "AuthError",
      baseVersion: 0,
      authUpdateAttempted: true,
    });
    await ada.closed;
    const client = new ConvexHttpClient(harbor.url);
    expect(await client.query(anyApi["messages"]!["texts"]!, { room: "harbor" })).toEqual([]);
  });
});

test("a token that runs out while connected ends the connection", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.send(signIn(await tokenFor("ada", 60)));
  await ada.takeTransition();
  await clock.advance(61_000);
  for (;;) {
    const message = await ada.take();
    if (message.type === "Ping") continue;
    expect(message).toMatchObject({
      type: "AuthError",
      baseVersion: 0,
      authUpdateAttempted: false,
    });
    break;
  }
  await ada.closed;
});

test("the owner's key opens internal functions on the socket, and nobody else's does", async () => {
  const owner = await SyncSocket.open(harbor.url);
  const admin = { type: "Authenticate", tokenType: "Admin", baseVersion: 0 };
  owner.send({ ...admin, value: harbor.adminKey, impersonating: { subject: "ada" } });
  await owner.takeTransition();
  owner.mutate(0, "messages:clear", { room: "harbor" });
  expect(await owner.take()).toMatchObject({ success: true });
  const other = await SyncSocket.open(harbor.url);
  other.send({ ...admin, value: `${harbor.adminKey}0` });
  expect(await other.take()).toMatchObject({ type: "AuthError" });
});
