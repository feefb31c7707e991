import { describe, expect, test } from "vitest";
import { deployment, newRun, useDeployment } from "./target.ts";

useDeployment();

interface Answer {
  readonly status?: string;
  readonly value?: unknown;
  readonly errorMessage?: string;
  readonly errorData?: unknown;
  readonly [field: string]: unknown;
}

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${deployment().url}${path}`, init);
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as Answer };
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return await ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const asOwner = () => ({ Authorization: `Convex ${deployment().adminKey}` });
const count = (run: string) => ({ path: "calls:count", args: { run }, format: "json" });
const added = async (run: string, by = 1) =>
  await post("/api/mutation", { path: "calls:add", args: { run, by }, format: "json" });
const asked = async (fields: Record<string, string>) =>
  await ask(`/api/query?${new URLSearchParams(fields).toString()}`);

describe("a query by GET", () => {
  test("is answered as one by POST", async () => {
    const run = newRun();
    await added(run, 3);
    const { path, args, format } = count(run);
    expect(await asked({ path, args: JSON.stringify(args), format })).toMatchObject({
      status: 200,
      body: { status: "success", value: 3 },
    });
  });

  test("does not run a mutation", async () => {
    const run = newRun();
    const args = JSON.stringify({ run });
    const { body } = await asked({ path: "calls:add", args, format: "json" });
    expect(body.status).not.toBe("success");
    expect((await post("/api/query", count(run))).body.value).toBe(0);
  });

  test("whose arguments are no JSON is refused", async () => {
    const { status } = await asked({ path: "calls:count", args: "{", format: "json" });
    expect(status).toBe(400);
  });
});

describe("queries in one batch", () => {
  test("are answered in their order, the failing among the others", async () => {
    const [one, two] = [newRun(), newRun()];
    await added(one, 1);
    await added(two, 2);
    const failing = { path: "calls:failQuery", args: { data: "low" }, format: "json" };
    const queries = [count(two), failing, count(one)];
    const { status, body } = await post("/api/query_batch", { queries });
    expect(status).toBe(200);
    expect(body["results"]).toMatchObject([
      { status: "success", value: 2 },
      { status: "error", errorData: "low" },
      { status: "success", value: 1 },
    ]);
  });

  test("may be none", async () => {
    expect((await post("/api/query_batch", { queries: [] })).body).toMatchObject({ results: [] });
  });
});

describe("queries at a timestamp", () => {
  test("see what was there then, again and again, whatever comes later", async () => {
    const run = newRun();
    await added(run);
    const { ts } = (await post("/api/query_ts", {})).body;
    await added(run);
    for (let time = 0; time < 2; time += 1) {
      expect((await post("/api/query_at_ts", { ...count(run), ts })).body.value).toBe(1);
    }
    expect((await post("/api/query", count(run))).body.value).toBe(2);
    const later = (await post("/api/query_ts", {})).body["ts"];
    expect((await post("/api/query_at_ts", { ...count(run), ts: later })).body.value).toBe(2);
  });

  test.each([null, "soon", 7])("are refused at %j", async (ts) => {
    const { status } = await post("/api/query_at_ts", { ...count(newRun()), ts });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

describe("a function named by its path", () => {
  test("is run whatever its kind", async () => {
    const run = newRun();
    const called = async (name: string) =>
      (await post(`/api/run/calls/${name}`, { args: { run } })).body;
    expect(await called("add")).toMatchObject({ status: "success", value: 1 });
    expect(await called("count")).toMatchObject({ status: "success", value: 1 });
    expect(await called("both")).toMatchObject({ status: "success", value: [1, 7] });
  });

  test.each(["calls/hidden", "calls/hiddenMutation", "calls/nosuch", "nosuch/list", "calls"])(
    "is not run when it is none that everybody may call: %s",
    async (path) => {
      const { body } = await post(`/api/run/${path}`, { args: {} });
      expect(body.status).not.toBe("success");
      expect(body).not.toHaveProperty("value");
    },
  );
});

describe("the owner's route", () => {
  test.each([
    ["calls:hidden", {}, "hidden"],
    ["calls:hiddenMutation", {}, "hidden"],
    ["values:echoAction", { value: "ahoy" }, "ahoy"],
  ])("runs %s", async (path, args, value) => {
    const { body } = await post("/api/function", { path, args, format: "json" }, asOwner());
    expect(body).toMatchObject({ status: "success", value });
  });

  test.each<[string, () => Record<string, string>]>([
    ["nobody", () => ({})],
    ["whoever has another key", () => ({ Authorization: `${asOwner().Authorization}0` })],
  ])("is closed to %s", async (_, headers) => {
    const { status, body } = await post("/api/function", { path: "calls:hidden" }, headers());
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toHaveProperty("value");
  });

  test("lets the owner act as somebody", async () => {
    const ada = { subject: "ada", issuer: "https://harbor.example", name: "Ada" };
    const identity = Buffer.from(JSON.stringify(ada)).toString("base64");
    const Authorization = `${asOwner().Authorization}:${identity}`;
    const call = { path: "calls:whoami", args: {}, format: "json" };
    expect((await post("/api/query", call, { Authorization })).body.value).toMatchObject(ada);
  });
});

describe("in the format", () => {
  const echo = { path: "values:echo", args: { value: { $integer: "BwAAAAAAAAA=" } } };
  test.each([
    ["json", "7"],
    ["convex_encoded_json", { $integer: "BwAAAAAAAAA=" }],
  ])("%s a big integer is %j", async (format, value) => {
    const { body } = await post("/api/query", { ...echo, format });
    expect(body).toMatchObject({ status: "success", value });
  });

  test("that does not exist nothing is answered", async () => {
    expect((await post("/api/query", { ...echo, format: "semaphore" })).status).toBe(400);
  });
});

test("a failure and the data of one are answers, not faults of the request", async () => {
  const call = { path: "calls:failMutation", format: "json" };
  const plain = await post("/api/mutation", { ...call, args: {} });
  expect([200, 560]).toContain(plain.status);
  expect(plain.body).toMatchObject({ status: "error", errorMessage: expect.any(String) as string });
  expect(plain.body).not.toHaveProperty("errorData");
  const told = await post("/api/mutation", { ...call, args: { data: { kind: "full" } } });
  expect(told.body).toMatchObject({ status: "error", errorData: { kind: "full" } });
});

test.each<[string, string, unknown]>([
  ["a body that is no JSON", "/api/query", "{"],
  ["a call without a path", "/api/mutation", { args: {} }],
  ["two lists of arguments", "/api/action", { path: "values:echoAction", args: [{}, {}] }],
])("%s is refused with a code and a sentence", async (_, path, body) => {
  expect(await post(path, body)).toMatchObject({
    status: 400,
    body: { code: expect.any(String) as string, message: expect.any(String) as string },
  });
});
