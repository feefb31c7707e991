import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, test } from "vitest";
import type { StartOptions } from "../src/index.ts";
import { decodeTimestamp } from "../src/wire/timestamp.ts";
import { scratch, serve } from "./serve.ts";
import { type ServerMessage, SyncSocket, type Transition, tsOf } from "./sync-socket.ts";

const { messages } = anyApi;
const room = "harbor";

/** A deployment whose queries run in workers, if they can. */
const sharing = async (options: Partial<StartOptions> = {}) =>
  await serve({ data: scratch(), queryWorkers: 2, forceQueryWorkers: true, ...options });

test("whoever was told of a mutation over HTTP sees it in the next query, under load", async () => {
  const { url } = await sharing();
  const asked = Array.from({ length: 8 }, async (_, at) => {
    const client = new ConvexHttpClient(url, { logger: false });
    const own = { room: `room ${at}` };
    const seen: number[] = [];
    for (let sent = 0; sent < 15; sent += 1) {
      await client.mutation(messages!["send"]!, { ...own, text: `message ${sent}` });
      seen.push(((await client.query(messages!["texts"]!, own)) as string[]).length);
    }
    return seen;
  });
  const counted = Array.from({ length: 15 }, (_, at) => at + 1);
  expect(await Promise.all(asked)).toEqual(Array.from({ length: 8 }, () => counted));
});

test("every transition shows exactly what was committed up to its time", async () => {
  const { url } = await sharing();
  const watchers = await Promise.all(Array.from({ length: 4 }, () => SyncSocket.open(url)));
  for (const watcher of watchers) {
    watcher.watch([
      ["messages:texts", { room }],
      ["messages:newest", { room }],
    ]);
  }
  const each = 40;
  const writers = await Promise.all(Array.from({ length: 6 }, () => SyncSocket.open(url)));
  const count = each * writers.length;
  const committed: bigint[] = [];
  const written = writers.map(async (writer) => {
    for (let at = 0; at < each; at += 1) writer.mutate(at, "messages:send", { room, text: "hi" });
    for (let answered = 0; answered < each;) {
      const { type, ts } = await writer.take();
      if (type !== "MutationResponse") continue;
      committed.push(decodeTimestamp(ts) ?? -1n);
      answered += 1;
    }
  });
  await Promise.all(written);
  for (const watcher of watchers) {
    for (let shown = 0; shown < count;) {
      const { endVersion, modifications } = await watcher.takeTransition();
      const changed = modifications.find(({ queryId }) => queryId === 0)?.value;
      if (changed !== undefined) shown = (changed as string[]).length;
      expect(shown).toBe(committed.filter((ts) => ts <= tsOf(endVersion)).length);
    }
  }
});

test("who wants no query does not wait for a long one of somebody else's", async () => {
  const { url } = await sharing();
  const [ada, linus] = [await SyncSocket.open(url), await SyncSocket.open(url)];
  ada.watch([["messages:count", { room, turns: 5e7 }]]);
  await ada.takeTransition();
  const told: string[] = [];
  linus.mutate(0, "messages:send", { room, text: "hello" });
  expect(await linus.take()).toMatchObject({ type: "MutationResponse", success: true });
  await Promise.all([
    ada.takeTransition().then(() => told.push("ada")),
    linus.takeTransition().then(() => told.push("linus")),
  ]);
  expect(told).toEqual(["linus", "ada"]);
});

test("who wants a short query does not wait for a long one of somebody else's", async () => {
  const { url } = await serve({ data: scratch(), queryWorkers: 1 });
  const [ada, linus] = [await SyncSocket.open(url), await SyncSocket.open(url)];
  ada.watch([["messages:count", { room, turns: 5e7 }]]);
  await ada.takeTransition();
  linus.watch([["messages:texts", { room }]]);
  await linus.takeTransition();
  const told: string[] = [];
  const hear = async (name: string, socket: SyncSocket) => {
    let changes: Transition["modifications"];
    do ({ modifications: changes } = await socket.takeTransition());
    while (changes.length === 0);
    told.push(name);
  };
  const heard = [hear("ada", ada), hear("linus", linus)];
  const grace = await SyncSocket.open(url);
  grace.mutate(0, "messages:send", { room, text: "hello" });
  await Promise.all(heard);
  expect(told).toEqual(["linus", "ada"]);
});

test("a socket that is gone before its answers are disturbs nobody", async () => {
  const { url } = await sharing();
  const [gone, stays] = [await SyncSocket.open(url), await SyncSocket.open(url)];
  for (const socket of [gone, stays]) socket.watch([["messages:texts", { room }]]);
  gone.close();
  await stays.takeTransition();
  stays.mutate(0, "messages:send", { room, text: "hello" });
  let message: ServerMessage;
  do message = await stays.take();
  while (message.type !== "Transition" || (message as Transition).modifications.length === 0);
  expect((message as Transition).modifications).toMatchObject([{ value: ["hello"] }]);
});

test("closing sends what is known, though queries run elsewhere", async () => {
  const harbor = await sharing();
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([["messages:texts", { room }]]);
  await ada.takeTransition();
  ada.mutate(0, "messages:send", { room, text: "last words" });
  await ada.take();
  await harbor.close();
  expect((await ada.takeTransition()).modifications).toMatchObject([{ value: ["last words"] }]);
  expect(await ada.closed).toMatchObject({ code: 1012 });
});
