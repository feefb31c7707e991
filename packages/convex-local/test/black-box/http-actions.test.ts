import { describe, expect, test } from "vitest";
import { deployment, http, newRun, useDeployment } from "./target.ts";

useDeployment();

const site = async (path: string, init: RequestInit = {}) =>
  await fetch(`${deployment().siteUrl}${path}`, init);

describe.each(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("a request by %s", (method) => {
  test("reaches its action as it was sent", async () => {
    const hasBody = method !== "GET" && method !== "OPTIONS";
    const init = { method, headers: { "X-Harbor": "open" }, ...(hasBody ? { body: "tide" } : {}) };
    const response = await site("/echo?a=1&b=%20", init);
    expect(await response.json()).toEqual({
      method,
      path: "/echo",
      search: "?a=1&b=%20",
      header: "open",
      body: hasBody ? "tide" : "",
    });
  });
});

test.each([200, 201, 204, 302, 400, 404, 418, 503])(
  "the status %d is the action's own",
  async (status) => {
    const response = await site(`/status?status=${status}`, { redirect: "manual" });
    expect(response.status).toBe(status);
    expect(response.headers.get("x-harbor")).toBe("open");
    expect(response.headers.get("content-type")).toBe("text/harbor");
    expect(await response.text()).toBe(status === 204 ? "" : `status ${status}`);
  },
);

test.each([
  ["/under/one", "/under/one"],
  ["/under/one/two", "/under/one/two"],
])("a prefix routes %s", async (path, seen) => {
  expect(await (await site(path)).json()).toMatchObject({ path: seen });
});

test("an exact path goes before a prefix", async () => {
  expect(await (await site("/under/exact")).text()).toBe("exact");
});

test.each([
  ["/nosuch", "GET"],
  ["/add", "GET"],
  ["/echo/more", "GET"],
])("%s by %s routes nowhere", async (path, method) => {
  expect((await site(path, { method })).status).toBe(404);
});

test("an action that throws is a 500", async () => {
  expect((await site("/fail")).status).toBe(500);
});

test("an action writes and reads", async () => {
  const run = newRun();
  expect(await (await site("/add", { method: "POST", body: run })).text()).toBe("1");
  expect(await (await site("/add", { method: "POST", body: run })).text()).toBe("2");
});

test("bytes pass both ways", async () => {
  const body = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256);
  const back = await (await site("/bytes", { method: "POST", body })).arrayBuffer();
  expect(Buffer.compare(Buffer.from(back), Buffer.from(body))).toBe(0);
});

test("an answer can be streamed: its beginning is read before its end exists", async () => {
  const run = newRun();
  const { body } = await site(`/stream?run=${run}`);
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe("one ");
  expect(await http().mutation("calls:add", { run })).toBe(1);
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    rest += value;
  }
  expect(rest).toBe("two three");
});
