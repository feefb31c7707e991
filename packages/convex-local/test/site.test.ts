import { beforeEach, expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { ask } from "./raw-http.ts";
import { serve } from "./serve.ts";

let harbor: RunningDeployment;

beforeEach(async () => {
  harbor = await serve();
});

test.each(["site port", "main port"])(
  "an http action answers on the %s under one URL",
  async (port) => {
    const [base, path] =
      port === "site port" ? [harbor.siteUrl, "/echo?a=1"] : [harbor.url, "/http/echo?a=1"];
    const answer = await ask(base, { method: "POST", path, body: "ahoy" });
    expect(JSON.parse(answer.body)).toEqual({
      url: `${harbor.siteUrl}/echo?a=1`,
      body: "ahoy",
      subject: null,
    });
  },
);

test("a path or method that no action takes is not found", async () => {
  for (const options of [{ path: "/nothing" }, { path: "/echo", method: "GET" }]) {
    const answer = await ask(harbor.siteUrl, options);
    expect(answer.status).toBe(404);
    expect(answer.body).toContain("No HttpAction routed for");
  }
});

const MILL = "https://mill.example";
const corsOf = (headers: object) =>
  Object.keys(headers).filter((name) => /^access-|^vary$/.test(name));

test.each(["site port", "main port"])(
  "on the %s an allowed page is told nothing about itself that the action does not say",
  async (port) => {
    harbor = await serve({ allowedOrigins: [MILL] });
    const [base, path] =
      port === "site port" ? [harbor.siteUrl, "/echo"] : [harbor.url, "/http/echo"];
    const Origin = MILL;
    const answer = await ask(base, { method: "POST", path, body: "", headers: { Origin } });
    expect(answer.status).toBe(200);
    expect(corsOf(answer.headers)).toEqual([]);
    const preflight = { Origin, "Access-Control-Request-Method": "POST" };
    const unrouted = await ask(base, { method: "OPTIONS", path, headers: preflight });
    expect(unrouted.status).toBe(404);
    expect(corsOf(unrouted.headers)).toEqual([]);
    const said = await ask(base, { path: path.replace("echo", "open"), headers: { Origin } });
    expect(said.headers["access-control-allow-origin"]).toBe(MILL);
    // The interface to functions tells such a page that it may read.
    const answered = await ask(harbor.url, { path: "/api/query", headers: { Origin } });
    expect(corsOf(answered.headers)).toContain("access-control-allow-origin");
  },
);

test("a secret of a webhook's own is no reason to refuse it", async () => {
  const headers = { Authorization: "Bearer a-secret-of-telegram" };
  const answer = await ask(harbor.siteUrl, { method: "POST", path: "/echo", body: "", headers });
  expect(answer.status).toBe(200);
});
