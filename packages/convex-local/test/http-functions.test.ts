import { brotliCompressSync } from "node:zlib";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { ConvexError } from "convex/values";
import { beforeEach, expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { ask } from "./raw-http.ts";
import { scratch, serve } from "./serve.ts";

const { messages } = anyApi;
let harbor: RunningDeployment;

beforeEach(async () => {
  harbor = await serve();
});

async function post(
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const answer = await ask(harbor.url, {
    method: "POST",
    path,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const reply = JSON.parse(answer.body) as Record<string, unknown>;
  return { code: answer.status, ...reply };
}

test("the official HTTP client reads its own writes and gets values as they are", async () => {
  const client = new ConvexHttpClient(harbor.url);
  await client.mutation(messages!["send"]!, { room: "harbor", text: "hello" });
  expect(await client.query(messages!["texts"]!, { room: "harbor" })).toEqual(["hello"]);
  expect(await client.query(messages!["biggest"]!)).toBe(9007199254740993n);
  expect(await client.action(messages!["echo"]!, { value: [1n, -0] })).toEqual([1n, -0]);
  expect(await client.consistentQuery(messages!["texts"]!, { room: "harbor" })).toEqual(["hello"]);
});

test("a client is told that its connection outlasts the pause between two beats", async () => {
  const answer = await fetch(`${harbor.url}/version`);
  const [, seconds] = /timeout=(\d+)/.exec(answer.headers.get("keep-alive") ?? "") ?? [];
  expect(Number(seconds)).toBeGreaterThan(2 * 30);
});

test.each(["disk", "memory"])(
  "queries of one client at one timestamp see one state on %s, whatever is committed meanwhile",
  async (medium) => {
    const clock = new ManualClock();
    const kept = await serve({ data: medium === "disk" ? scratch() : ":memory:", clock });
    const send = (text: string) =>
      new ConvexHttpClient(kept.url).mutation(messages!["send"]!, { room: "harbor", text });
    await send("one");
    const client = new ConvexHttpClient(kept.url);
    const consistent = () => client.consistentQuery(messages!["texts"]!, { room: "harbor" });
    expect(await consistent()).toEqual(["one"]);
    await send("two");
    expect(await consistent()).toEqual(["one"]);
    expect(await client.query(messages!["texts"]!, { room: "harbor" })).toEqual(["one", "two"]);
    await clock.advance(30_000);
    await expect(consistent()).rejects.toThrow(/SnapshotNotKept.*ask for a new one/);
  },
);

test("a refusal of the app reaches the client with its data, and nothing of it is stored", async () => {
  const client = new ConvexHttpClient(harbor.url);
  const refused = client.mutation(messages!["refuse"]!);
  await expect(refused).rejects.toThrow(ConvexError);
  await expect(refused).rejects.toMatchObject({ data: { kind: "room_archived" } });
  expect(await client.query(messages!["texts"]!, { room: "harbor" })).toEqual([]);
});

test("a failure names its request and its reason", async () => {
  const answer = await post("/api/query", { path: "messages:fail", args: {} });
  expect(answer).toMatchObject({ status: "error" });
  expect(answer["errorMessage"]).toMatch(
    /^\[Request ID: [0-9a-f]{16}\] Server Error\nUncaught Error: the harbor is closed/,
  );
});

test("with redaction a failure keeps its reason to itself, but not the app's own refusals", async () => {
  harbor = await serve({ redact: true });
  const failure = await post("/api/query", { path: "messages:fail", args: {} });
  expect(failure["errorMessage"]).toMatch(/^\[Request ID: [0-9a-f]{16}\] Server Error$/);
  const refusal = await post("/api/mutation", { path: "messages:refuse", args: {} });
  expect(refusal["errorData"]).toEqual({ kind: "room_archived" });
});

test("without a format values are plain JSON", async () => {
  expect(await post("/api/query", { path: "messages:biggest" })).toMatchObject({
    value: "9007199254740993",
  });
  expect(
    await post("/api/query", { path: "messages:biggest", format: "convex_encoded_json" }),
  ).toMatchObject({ value: { $integer: "AQAAAAAAIAA=" } });
});

test("a query can be asked for by GET, a mutation cannot", async () => {
  const args = encodeURIComponent(JSON.stringify({ room: "harbor" }));
  const path = `/api/query?path=messages:texts&args=${args}`;
  expect(JSON.parse((await ask(harbor.url, { path })).body)).toMatchObject({ value: [] });
  const mutation = { path: "/api/mutation?path=messages:send&args=%7B%7D" };
  expect((await ask(harbor.url, mutation)).status).toBe(404);
});

test("a path of the run route names module and function", async () => {
  const args = { room: "harbor", text: "by path" };
  expect(await post("/api/run/messages/send", { args })).toMatchObject({ status: "success" });
  expect(await post("/api/run/messages/texts", { args: { room: "harbor" } })).toMatchObject({
    value: ["by path"],
  });
});

test("a batch answers every query at one time", async () => {
  const queries = [
    { path: "messages:texts", args: { room: "harbor" } },
    { path: "messages:fail", args: {} },
  ];
  const { results } = await post("/api/query_batch", { queries });
  expect(results).toMatchObject([{ status: "success", value: [] }, { status: "error" }]);
});

test.each([{ queries: {} }, { queries: [null] }, { queries: ["messages:texts"] }])(
  "what is no batch of queries is refused with its reason: %j",
  async (body) => {
    expect(await post("/api/query_batch", body)).toMatchObject({
      code: "BadArguments",
      message: "queries is not a list of objects.",
    });
  },
);

test("an internal function answers the owner only", async () => {
  const call = { path: "messages:clear", args: { room: "harbor" } };
  expect(await post("/api/mutation", call)).toMatchObject({ status: "error" });
  const owner = { Authorization: `Convex ${harbor.adminKey}` };
  expect(await post("/api/function", call, owner)).toMatchObject({ status: "success", value: 0 });
  const prefixed = { Authorization: `Convex prod:${harbor.adminKey}` };
  expect(await post("/api/function", call, prefixed)).toMatchObject({ status: "success" });
});

test("the owner may act as somebody", async () => {
  const identity = { subject: "ada", issuer: "https://harbor.test", tokenIdentifier: "t" };
  const encoded = Buffer.from(JSON.stringify(identity)).toString("base64");
  const owner = { Authorization: `Convex ${harbor.adminKey}:${encoded}` };
  expect(await post("/api/function", { path: "messages:whoami", args: {} }, owner)).toMatchObject({
    value: { subject: "ada" },
  });
});

test("a request that is none is told why", async () => {
  expect(await post("/api/query", { args: {} })).toMatchObject({
    code: "BadArguments",
  });
  expect(await post("/api/nothing", {})).toMatchObject({ code: "NotFound" });
  const json = { "Content-Type": "application/json" };
  const broken = { method: "POST", path: "/api/query", headers: json, body: "{" };
  expect(JSON.parse((await ask(harbor.url, broken)).body)).toMatchObject({ code: "BadJson" });
});

test("a compressed body is read, one that inflates without end is not", async () => {
  const query = JSON.stringify({ path: "messages:texts", args: { room: "harbor" } });
  expect(await (await postCompressed(brotliCompressSync(query))).json()).toMatchObject({
    value: [],
  });
  const bomb = brotliCompressSync(Buffer.alloc(32 * 1024 * 1024, " "));
  expect((await postCompressed(bomb)).status).toBe(413);
});

async function postCompressed(body: Buffer): Promise<Response> {
  return await fetch(`${harbor.url}/api/query`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Content-Encoding": "br" },
    body: new Uint8Array(body),
  });
}
