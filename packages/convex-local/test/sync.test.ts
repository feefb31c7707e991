import { randomUUID } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { beforeEach, describe, expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { encodeTimestamp, decodeTimestamp } from "../src/wire/timestamp.ts";
import { ManualClock } from "./manual-clock.ts";
import { serve } from "./serve.ts";
import { SyncSocket, tsOf } from "./sync-socket.ts";

const HARBOR = { room: "harbor" };
let harbor: RunningDeployment;

beforeEach(async () => {
  harbor = await serve();
});

const say = async (text: string, room = "harbor") =>
  await new ConvexHttpClient(harbor.url).mutation(anyApi["messages"]!["send"]!, { room, text });

test("each transition starts where the last one ended, and its time never goes back", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([["messages:texts", HARBOR]]);
  let last = { querySet: 0, identity: 0, ts: encodeTimestamp(0n) };
  for (const text of ["one", "two", "three"]) {
    const transition = await ada.takeTransition();
    expect(transition.startVersion).toEqual(last);
    expect(tsOf(transition.endVersion)).toBeGreaterThanOrEqual(tsOf(last));
    last = transition.endVersion;
    await say(text);
  }
  expect((await ada.takeTransition()).modifications).toMatchObject([
    { type: "QueryUpdated", queryId: 0, value: ["one", "two", "three"] },
  ]);
});

test("a mutation is answered first and then covered by a transition, even if nothing is watched", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.mutate(0, "messages:send", { room: "harbor", text: "hello" });
  const answer = await ada.take();
  expect(answer).toMatchObject({ type: "MutationResponse", requestId: 0, success: true });
  const transition = await ada.takeTransition();
  expect(tsOf(transition.endVersion)).toBeGreaterThanOrEqual(decodeTimestamp(answer["ts"])!);
  expect(transition.modifications).toEqual([]);
});

test("a failed mutation is answered without a transition", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.mutate(0, "messages:refuse", {});
  ada.mutate(1, "messages:send", { room: "harbor", text: "hello" });
  expect(await ada.take()).toMatchObject({
    type: "MutationResponse",
    requestId: 0,
    success: false,
    errorData: { kind: "room_archived" },
  });
  expect(await ada.take()).toMatchObject({ type: "MutationResponse", requestId: 1, success: true });
});

test("a commit reaches only those who watch what it touched", async () => {
  const ada = await SyncSocket.open(harbor.url);
  const linus = await SyncSocket.open(harbor.url);
  ada.watch([["messages:texts", HARBOR]]);
  linus.watch([["messages:texts", { room: "mooring" }]]);
  await ada.takeTransition();
  await linus.takeTransition();
  await say("for ada");
  await say("for linus", "mooring");
  expect((await ada.takeTransition()).modifications).toMatchObject([{ value: ["for ada"] }]);
  expect((await linus.takeTransition()).modifications).toMatchObject([{ value: ["for linus"] }]);
});

test("an answer that did not change is not sent again", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([
    ["messages:texts", HARBOR],
    ["messages:fail", {}],
    ["messages:whoami", {}],
  ]);
  expect((await ada.takeTransition()).modifications).toHaveLength(3);
  ada.send({ type: "Authenticate", baseVersion: 0, tokenType: "None" });
  const { endVersion, modifications } = await ada.takeTransition();
  expect(endVersion.identity).toBe(1);
  expect(modifications).toEqual([]);
});

test("a query that is no longer watched is removed and stays silent", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([["messages:texts", HARBOR]]);
  await ada.takeTransition();
  const removal = { type: "Remove", queryId: 0 };
  ada.send({ type: "ModifyQuerySet", baseVersion: 1, newVersion: 2, modifications: [removal] });
  expect((await ada.takeTransition()).modifications).toEqual([
    { type: "QueryRemoved", queryId: 0 },
  ]);
  await say("unheard");
  ada.mutate(0, "messages:send", { room: "harbor", text: "last" });
  expect(await ada.take()).toMatchObject({ type: "MutationResponse" });
  expect((await ada.takeTransition()).modifications).toEqual([]);
});

test("a page keeps its end when it runs again", async () => {
  await say("one");
  await say("two");
  const ada = await SyncSocket.open(harbor.url);
  const paginationOpts = { numItems: 1, cursor: null };
  ada.watch([["messages:page", { room: "harbor", paginationOpts }]]);
  const [first] = (await ada.takeTransition()).modifications;
  expect(first?.value).toMatchObject({ page: [{ text: "two" }] });
  await say("three");
  const [second] = (await ada.takeTransition()).modifications;
  expect(second?.value).toMatchObject({ page: [{ text: "three" }, { text: "two" }] });
});

test("mutations of one connection run in order, whatever their number", async () => {
  const ada = await SyncSocket.open(harbor.url);
  const texts = Array.from({ length: 50 }, (_, at) => `message ${at}`);
  for (const [at, text] of texts.entries())
    ada.mutate(at, "messages:send", { room: "harbor", text });
  ada.watch([["messages:texts", HARBOR]]);
  for (;;) {
    const message = await ada.take();
    if (message["requestId"] === 49) break;
  }
  const client = new ConvexHttpClient(harbor.url);
  expect(await client.query(anyApi["messages"]!["texts"]!, HARBOR)).toEqual(texts);
});

test("a request that is sent again is answered again but runs once", async () => {
  const sessionId = randomUUID();
  const first = await SyncSocket.open(harbor.url, { sessionId });
  first.mutate(7, "messages:send", { room: "harbor", text: "once" });
  const answer = await first.take();
  first.close();
  const again = await SyncSocket.open(harbor.url, { sessionId });
  again.mutate(7, "messages:send", { room: "harbor", text: "once" });
  expect(await again.take()).toEqual(answer);
  again.watch([["messages:texts", HARBOR]]);
  const transition = await again.takeTransition();
  const { modifications } =
    transition.modifications.length > 0 ? transition : await again.takeTransition();
  expect(modifications).toMatchObject([{ value: ["once"] }]);
});

test("actions answer side by side with everything else", async () => {
  const ada = await SyncSocket.open(harbor.url);
  ada.send({ type: "Action", requestId: 0, udfPath: "messages:echo", args: [{ value: "ahoy" }] });
  expect(await ada.take()).toMatchObject({ type: "ActionResponse", success: true, result: "ahoy" });
});

describe("a client that breaks the protocol is told and sent away", () => {
  test.each([
    [
      "by skipping a query set version",
      { type: "ModifyQuerySet", baseVersion: 3, newVersion: 4, modifications: [] },
    ],
    [
      "by skipping an identity version",
      { type: "Authenticate", baseVersion: 1, tokenType: "None" },
    ],
    ["by an unknown message", { type: "Shutdown" }],
  ])("%s", async (_, message) => {
    const ada = await SyncSocket.open(harbor.url);
    ada.send(message);
    expect(await ada.take()).toMatchObject({ type: "FatalError" });
    await ada.closed;
  });

  test("by not introducing itself", async () => {
    const ada = await SyncSocket.open(harbor.url, { connect: false });
    ada.mutate(0, "messages:send", { room: "harbor", text: "hello" });
    expect(await ada.take()).toMatchObject({ type: "FatalError" });
  });
});

test("a client from the future has to try again: its commits are not here", async () => {
  const future = encodeTimestamp(2n ** 62n);
  const ada = await SyncSocket.open(harbor.url, { maxObservedTimestamp: future });
  expect(await ada.closed).toEqual({ code: 1011, reason: "InternalServerError" });
});

test("a silent line hears from us every fifteen seconds, a silent client is dropped after two minutes", async () => {
  const clock = new ManualClock();
  const timed = await serve({ clock });
  const ada = await SyncSocket.open(timed.url);
  ada.watch([]);
  await ada.takeTransition();
  await clock.advance(20_000);
  expect(await ada.take()).toEqual({ type: "Ping" });
  ada.pause();
  await clock.advance(130_000);
  ada.resume();
  expect((await ada.closed).code).toBe(1006);
});
