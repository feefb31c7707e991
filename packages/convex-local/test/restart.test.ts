import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { spawnDeployment } from "./deployment-process.ts";
import { scratch, serve } from "./serve.ts";

const { messages } = anyApi;
const HARBOR = { room: "harbor" };

function connect(url: string): ConvexClient {
  const client = new ConvexClient(url, { logger: false });
  onTestFinished(async () => await client.close());
  return client;
}

test("a restart in the middle loses no mutation and repeats none", async () => {
  const data = scratch();
  const first = await serve({ data });
  const port = Number(new URL(first.url).port);
  const ada = connect(first.url);
  let seen: string[] = [];
  ada.onUpdate(messages!["texts"]!, HARBOR, (texts: string[]) => {
    seen = texts;
  });
  const texts = Array.from({ length: 40 }, (_, at) => `message ${at}`);
  const sent = texts.map(
    async (text) => await ada.mutation(messages!["send"]!, { room: "harbor", text }),
  );
  await sent[5];
  await first.close();
  await serve({ data, port });
  await Promise.all(sent);
  await vi.waitFor(() => expect(seen).toEqual(texts));
});

test("closing answers what was accepted and tells clients to come back", async () => {
  const harbor = await serve();
  const { SyncSocket } = await import("./sync-socket.ts");
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([["messages:texts", HARBOR]]);
  await ada.takeTransition();
  ada.mutate(0, "messages:send", { room: "harbor", text: "last words" });
  expect(await ada.take()).toMatchObject({ type: "MutationResponse", success: true });
  await harbor.close();
  const { modifications } = await ada.takeTransition();
  expect(modifications).toMatchObject([{ value: ["last words"] }]);
  expect(await ada.closed).toMatchObject({ code: 1012, reason: /^InternalServerError/ });
});

test("what was acknowledged before the process was killed is there afterwards, once", async () => {
  const data = scratch();
  const { url, kill } = await spawnDeployment(data);
  const ada = connect(url);
  const acknowledged: string[] = [];
  const sent = Array.from({ length: 300 }, async (_, at) => {
    await ada.mutation(messages!["send"]!, { room: "harbor", text: `message ${at}` });
    acknowledged.push(`message ${at}`);
  });
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), { interval: 1 });
  await kill();
  const before = [...acknowledged];
  const revived = await spawnDeployment(data, { port: Number(new URL(url).port) });
  const client = new ConvexHttpClient(revived.url);
  const stored: string[] = await client.query(messages!["texts"]!, HARBOR);
  expect(stored).toEqual(expect.arrayContaining(before));
  await Promise.all(sent);
  const all: string[] = await client.query(messages!["texts"]!, HARBOR);
  expect(all).toEqual(Array.from({ length: 300 }, (_, at) => `message ${at}`));
});
