import { createHash } from "node:crypto";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { beforeEach, describe, expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { scratch, serve } from "./serve.ts";

const { files } = anyApi;
const TEXT = "The harbor is open.";
const SHA256 = createHash("sha256").update(TEXT);
const DIGEST = SHA256.copy().digest("base64");

let clock: ManualClock;
let data: string;
let harbor: RunningDeployment;
let client: ConvexHttpClient;

beforeEach(async () => {
  clock = new ManualClock();
  data = scratch();
  await open();
});

async function open(): Promise<void> {
  harbor = await serve({ clock, data });
  client = new ConvexHttpClient(harbor.url);
}

const uploadUrl = async () => (await client.mutation(files!["uploadUrl"]!)) as string;
const urlOf = async (id: string) => (await client.query(files!["url"]!, { id })) as string | null;

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const response = await fetch(url, { method: "POST", body, headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function upload(text = TEXT, type = "text/plain"): Promise<string> {
  const { status, body } = await post(await uploadUrl(), text, { "Content-Type": type });
  expect(status).toBe(200);
  return body["storageId"] ?? "";
}

describe("an upload", () => {
  test("is kept with its size, type and digest, and served whole", async () => {
    const id = await upload();
    expect(await client.query(files!["metadata"]!, { id })).toMatchObject({
      old: { sha256: SHA256.copy().digest("hex"), size: TEXT.length, contentType: "text/plain" },
      row: { _id: id, sha256: DIGEST, size: TEXT.length, contentType: "text/plain" },
    });
    const response = await fetch((await urlOf(id)) ?? "");
    expect(await response.text()).toBe(TEXT);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/plain",
      "cache-control": "private, max-age=2592000",
      "x-content-type-options": "nosniff",
      "accept-ranges": "bytes",
      "content-security-policy": expect.stringMatching(/^sandbox;/) as string,
      digest: `sha-256=${DIGEST}`,
    });
  });

  test.each([
    ["a token that nobody made", async () => `${harbor.url}/api/storage/upload?token=1-2-3`, 401],
    ["no token", async () => `${harbor.url}/api/storage/upload`, 401],
    ["a changed expiry", async () => (await uploadUrl()).replace(/token=\d/, "token=9"), 401],
  ])("with %s is refused and not kept", async (_, url, status) => {
    expect((await post(await url(), TEXT)).status).toBe(status);
    expect(await client.query(files!["countFiles"]!)).toBe(0);
  });

  test("is refused an hour after its URL was made", async () => {
    const url = await uploadUrl();
    await clock.advance(60 * 60_000 - 1);
    expect((await post(url, TEXT)).status).toBe(200);
    await clock.advance(1);
    expect((await post(url, TEXT)).status).toBe(401);
  });

  test("that is not what its digest says is refused, and leaves no bytes", async () => {
    const good = { Digest: `sha-256=${DIGEST}` };
    expect((await post(await uploadUrl(), TEXT, good)).status).toBe(200);
    expect((await post(await uploadUrl(), `${TEXT}!`, good)).status).toBe(400);
    expect((await post(await uploadUrl(), TEXT, { Digest: "sha-256=x" })).status).toBe(400);
    expect(readdirSync(join(data, "files"))).toHaveLength(1);
  });

  test("of a foreign page is refused", async () => {
    const { status } = await post(await uploadUrl(), TEXT, { Origin: "https://evil.example" });
    expect(status).toBe(403);
  });
});

describe("a download", () => {
  test.each([
    ["bytes=0-2", 206, "The", `bytes 0-2/${TEXT.length}`],
    ["bytes=4-", 206, "harbor is open.", `bytes 4-18/${TEXT.length}`],
    ["bytes=-5", 206, "open.", `bytes 14-18/${TEXT.length}`],
    ["bytes=10-999", 206, TEXT.slice(10), `bytes 10-18/${TEXT.length}`],
    ["bytes=0-1,4-5", 200, TEXT, null],
    ["lines=1-2", 200, TEXT, null],
  ])("of %s is answered with %d", async (range, status, text, stretch) => {
    const url = (await urlOf(await upload())) ?? "";
    const response = await fetch(url, { headers: { Range: range } });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-range")).toBe(stretch);
    expect(await response.text()).toBe(text);
  });

  test("beyond the file's end is refused with its length", async () => {
    const url = (await urlOf(await upload())) ?? "";
    const response = await fetch(url, { headers: { Range: "bytes=19-" } });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */19");
  });

  test("of an empty file, and of a head, has no body", async () => {
    const empty = await fetch((await urlOf(await upload(""))) ?? "");
    expect([empty.status, await empty.text()]).toEqual([200, ""]);
    const head = await fetch((await urlOf(await upload())) ?? "", { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(TEXT.length));
  });

  test.each(["00000000-0000-4000-8000-000000000000", "../../admin-key", "%2e%2e%2fadmin-key"])(
    "of the key %s finds nothing",
    async (key) => {
      expect((await fetch(`${harbor.url}/api/storage/${key}`)).status).toBe(404);
    },
  );
});

test("an action stores and reads a file, and a wrong digest is refused", async () => {
  const id = (await client.action(files!["keep"]!, { text: TEXT })) as string;
  expect(await client.action(files!["read"]!, { id })).toEqual({ type: "text/plain", text: TEXT });
  expect(await (await fetch((await urlOf(id)) ?? "")).text()).toBe(TEXT);
  await expect(client.action(files!["keep"]!, { text: "other", sha256: DIGEST })).rejects.toThrow(
    /sha256 of the file/,
  );
});

describe("a mutation", () => {
  test("stores and reads a file", async () => {
    const id = (await client.mutation(files!["keepWithin"]!, { text: "Ünïcode" })) as string;
    const expected = { type: "text/plain", size: 9, text: "Ünïcode" };
    expect(await client.mutation(files!["readWithin"]!, { id })).toEqual(expected);
    expect(await (await fetch((await urlOf(id)) ?? "")).text()).toBe("Ünïcode");
  });

  test.each([
    ["fails", { text: TEXT, fails: true }],
    ["gives another digest", { text: "other", sha256: DIGEST }],
  ])("that %s leaves neither row nor bytes", async (_, args) => {
    await expect(client.mutation(files!["keepWithin"]!, args)).rejects.toThrow(/Server Error/);
    expect(await client.query(files!["countFiles"]!)).toBe(0);
    expect(readdirSync(join(data, "files"))).toEqual([]);
  });
});

test("a deletion takes row, URL and bytes, but only when its mutation commits", async () => {
  const id = await upload();
  const url = (await urlOf(id)) ?? "";
  await expect(client.mutation(files!["remove"]!, { id, fails: true })).rejects.toThrow(
    /changed my mind/,
  );
  expect((await fetch(url)).status).toBe(200);
  await client.mutation(files!["remove"]!, { id });
  expect(await urlOf(id)).toBeNull();
  expect((await fetch(url)).status).toBe(404);
  expect(readdirSync(join(data, "files"))).toEqual([]);
  await expect(client.mutation(files!["remove"]!, { id })).rejects.toThrow(/no stored file/);
  expect(await client.action(files!["read"]!, { id })).toBeNull();
});

test("files survive a restart, for their owner's eyes only, and remains of a crash do not", async () => {
  const id = await upload();
  await harbor.close();
  writeFileSync(join(data, "files", ".half-written"), "half");
  writeFileSync(join(data, "files", "7d9a3c1e-0000-4000-8000-000000000000"), "never committed");
  await open();
  expect(await (await fetch((await urlOf(id)) ?? "")).text()).toBe(TEXT);
  const names = readdirSync(join(data, "files"));
  expect(names).toHaveLength(1);
  expect(statSync(join(data, "files", names[0] ?? "")).mode & 0o777).toBe(0o600);
  expect(statSync(join(data, "files")).mode & 0o777).toBe(0o700);
});

test("a deployment ends although a client would keep its connection for later", async () => {
  const response = await fetch((await urlOf(await upload())) ?? "");
  await response.text();
  const before = performance.now();
  await harbor.close();
  // The client would hold on for about three seconds, the server for five.
  expect(performance.now() - before).toBeLessThan(2_000);
});
