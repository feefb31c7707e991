import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { ask } from "./raw-http.ts";
import { scratch, serve } from "./serve.ts";

let harbor: RunningDeployment;

beforeEach(async () => {
  const root = scratch();
  const page = join(root, "page");
  mkdirSync(join(page, "assets"), { recursive: true });
  writeFileSync(join(page, "index.html"), "<title>harbor</title>");
  writeFileSync(join(page, "assets", "index-BX2f9_aZ.js"), "export {};");
  writeFileSync(join(root, "secret.txt"), "do not tell");
  symlinkSync(join(root, "secret.txt"), join(page, "link.txt"));
  harbor = await serve({ static: page });
});

test("the page may load only from here, talk only to here, and not be framed", async () => {
  const { headers, body } = await ask(harbor.url);
  expect(body).toBe("<title>harbor</title>");
  expect(headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain(`connect-src 'self' ws://${new URL(harbor.url).host}`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
});

test("a route of the app gets the page, a missing asset does not", async () => {
  expect((await ask(harbor.url, { path: "/rooms/harbor" })).body).toContain("harbor");
  expect((await ask(harbor.url, { path: "/assets/gone-12345678.js" })).status).toBe(404);
});

test("an asset with a hash in its name is kept for good", async () => {
  const { headers } = await ask(harbor.url, { path: "/assets/index-BX2f9_aZ.js" });
  expect(headers["cache-control"]).toContain("immutable");
  expect(headers["content-type"]).toContain("javascript");
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/link.txt",
  "/assets/..%5c..",
  "/%00",
])("%s leads nowhere outside", async (path) => {
  const answer = await ask(harbor.url, { path });
  expect(answer.body).not.toContain("do not tell");
  expect(answer.status).toBeGreaterThanOrEqual(400);
});

test("pages move from localhost to one origin, the interface does not", async () => {
  const { port } = new URL(harbor.url);
  const headers = { Host: `localhost:${port}` };
  const moved = await ask(harbor.url, { path: "/rooms?x=1", headers });
  expect(moved.status).toBe(307);
  expect(moved.headers["location"]).toBe(`${harbor.url}/rooms?x=1`);
  const query = { path: "/api/query?path=messages:biggest", headers };
  expect((await ask(harbor.url, query)).status).toBe(200);
});
