import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { serve } from "./serve.ts";
import { SyncSocket } from "./sync-socket.ts";

async function say(harbor: RunningDeployment, text: string): Promise<void> {
  const client = new ConvexHttpClient(harbor.url);
  await client.mutation(anyApi["messages"]!["send"]!, { room: "harbor", text });
}

test("a query that many sockets watch runs once per commit", async () => {
  const runs: string[] = [];
  const onLog = (line: string) => {
    if (line.includes("listing harbor")) runs.push(line);
  };
  const harbor = await serve({ onLog });
  const sockets: SyncSocket[] = [];
  for (let at = 0; at < 5; at += 1) {
    const socket = await SyncSocket.open(harbor.url);
    socket.watch([["messages:loud", { room: "harbor" }]]);
    await socket.takeTransition();
    sockets.push(socket);
  }
  expect(runs).toHaveLength(1);
  await say(harbor, "hello");
  for (const socket of sockets) {
    expect((await socket.takeTransition()).modifications).toMatchObject([{ value: 1 }]);
  }
  expect(runs).toHaveLength(2);
  expect(harbor.calls()).toMatchObject({ query: 2, shared: 8 });
});

test("what is written and read counts in bytes, once for all who watch", async () => {
  const harbor = await serve();
  const text = "x".repeat(10_000);
  await say(harbor, text);
  const { bytesRead, bytesWritten } = harbor.traffic();
  expect(bytesWritten - 10_000).toSatisfy((beside: number) => beside > 0 && beside < 500);
  for (let at = 0; at < 3; at += 1) {
    const socket = await SyncSocket.open(harbor.url);
    socket.watch([["messages:list", { room: "harbor" }]]);
    await socket.takeTransition();
  }
  const more = harbor.traffic().bytesRead - bytesRead;
  expect(more - 10_000).toSatisfy((beside: number) => beside > 0 && beside < 500);
});

test("what nobody watches any more does not run", async () => {
  const runs: string[] = [];
  const harbor = await serve({ onLog: (line) => void runs.push(line) });
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([["messages:loud", { room: "harbor" }]]);
  await ada.takeTransition();
  ada.close();
  await ada.closed;
  runs.length = 0;
  await say(harbor, "hello");
  await say(harbor, "anybody?");
  expect(runs.filter((line) => line.includes("listing"))).toEqual([]);
});

test("a client that reads slowly gets the latest state, not every state in between", async () => {
  const harbor = await serve();
  const ada = await SyncSocket.open(harbor.url);
  ada.watch([["messages:texts", { room: "harbor" }]]);
  await ada.takeTransition();
  ada.pause();
  const commits = 24;
  for (let at = 0; at < commits; at += 1) await say(harbor, `${at}:${"x".repeat(400_000)}`);
  ada.resume();
  for (let received = 1; ; received += 1) {
    const [modification] = (await ada.takeTransition()).modifications;
    const seen = modification?.value as string[] | undefined;
    if (seen === undefined || seen.length < commits) continue;
    expect(received).toBeLessThan(commits);
    break;
  }
});
