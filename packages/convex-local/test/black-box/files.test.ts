import { describe, expect, test } from "vitest";
import { FAILED, http, outcome, useDeployment } from "./target.ts";

useDeployment();

async function upload(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch((await http().mutation("files:uploadUrl")) as string, {
    method: "POST",
    body,
    headers,
  });
}
async function uploaded(body: string, type = "text/harbor"): Promise<string> {
  const response = await upload(body, { "Content-Type": type });
  return ((await response.json()) as { storageId: string }).storageId;
}
const urlOf = async (id: string) => (await http().query("files:url", { id })) as string;

test.each(["", "x", "Ünïcode", "x".repeat(100_000)])(
  "a file comes back as it was sent",
  async (body) => {
    const response = await fetch(await urlOf(await uploaded(body)));
    expect(response.headers.get("content-type")).toMatch(/^text\/harbor/);
    expect(await response.text()).toBe(body);
  },
);

test.each([
  ["bytes=0-0", "0"],
  ["bytes=3-5", "345"],
  ["bytes=7-", "789"],
  ["bytes=-2", "89"],
])("the range %s is %s", async (range, expected) => {
  const response = await fetch(await urlOf(await uploaded("0123456789")), {
    headers: { Range: range },
  });
  expect(response.status).toBe(206);
  expect(await response.text()).toBe(expected);
});

describe("a row of a file", () => {
  test("tells size, type and digest", async () => {
    const id = await uploaded("harbor");
    expect(await http().query("files:metadata", { id })).toMatchObject({
      row: { _id: id, size: 6, contentType: "text/harbor", sha256: expect.any(String) as string },
    });
  });

  test("goes with its file", async () => {
    const id = await uploaded("harbor");
    await http().mutation("files:remove", { id });
    expect(await http().query("files:url", { id })).toBeNull();
    expect(await outcome(http().mutation("files:remove", { id }))).toEqual(FAILED);
  });

  test("stays when its deletion fails", async () => {
    const id = await uploaded("harbor");
    expect(await outcome(http().mutation("files:remove", { id, fails: true }))).toEqual(FAILED);
    expect(await (await fetch(await urlOf(id))).text()).toBe("harbor");
  });
});

test("an action keeps a file and reads it", async () => {
  const id = (await http().action("files:keep", { text: "tide" })) as string;
  expect(await http().action("files:read", { id })).toEqual({ type: "text/plain", text: "tide" });
});

test("a mutation keeps a file and reads it, unless it fails", async () => {
  const id = (await http().mutation("files:keepWithin", { text: "tide" })) as string;
  expect(await http().mutation("files:readWithin", { id })).toMatchObject({
    size: 4,
    text: "tide",
  });
  const failing = http().mutation("files:keepWithin", { text: "tide", fails: true });
  expect(await outcome(failing)).toEqual(FAILED);
});

test("an upload with another digest than it says is refused", async () => {
  const digest = Buffer.alloc(32).toString("base64");
  expect((await upload("x", { Digest: `sha-256=${digest}` })).ok).toBe(false);
});
