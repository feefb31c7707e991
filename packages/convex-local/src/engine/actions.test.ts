import { describe, expect, test } from "vitest";
import { call, NOON, open, query, standingClock } from "../../test/engine.ts";

const request = (path: string, init: RequestInit = {}) =>
  new Request(`http://127.0.0.1:3211${path}`, init);

describe("an action", () => {
  test("waits, calls mutations and queries, and keeps what it prints", async () => {
    const engine = await open();
    const outcome = await engine.action(call("outside:relay", { name: "harbor" }));
    expect(outcome).toMatchObject({
      value: { name: "harbor" },
      logLines: ["[LOG] 'created' 'harbor'"],
    });
  });

  test("sees what its mutation refused, and passes it on", async () => {
    const engine = await open();
    expect(await engine.action(call("outside:refuse"))).toMatchObject({
      success: false,
      errorData: { kind: "refused", name: "harbor" },
    });
    expect(query(engine, "rooms:names")).toEqual([]);
  });

  test("may use Node when its module says so", async () => {
    const engine = await open();
    const outcome = await engine.action(call("node:digest", { text: "" }));
    expect(outcome).toMatchObject({ value: expect.stringMatching(/^e3b0c442/) as string });
  });

  test("sees the deployment's variables and clock, not the host's", async () => {
    const engine = await open({ env: { HARBOR: "north" }, clock: standingClock() });
    expect(await engine.action(call("outside:environment"))).toMatchObject({
      value: { HARBOR: "north" },
    });
    expect(await engine.action(call("outside:now"))).toMatchObject({ value: [NOON, NOON] });
  });

  test("of one engine never reaches another's data", async () => {
    const [first, second] = [await open(), await open()];
    await Promise.all([
      first.action(call("outside:relay", { name: "one" })),
      second.action(call("outside:relay", { name: "two" })),
    ]);
    expect([query(first, "rooms:names"), query(second, "rooms:names")]).toEqual([["one"], ["two"]]);
  });
});

describe("an http action", () => {
  test("answers the routed request with effects in the database", async () => {
    const engine = await open();
    const response = await engine.httpAction(
      request("/rooms", { method: "POST", body: "harbor" }),
      { kind: "none" },
    );
    expect(response?.status).toBe(201);
    expect(query(engine, "rooms:names")).toEqual(["harbor"]);
  });

  test("that throws is answered with 500 and its place", async () => {
    const engine = await open();
    const response = await engine.httpAction(request("/broken/boat"), { kind: "none" });
    expect(response?.status).toBe(500);
    expect(await response?.json()).toMatchObject({
      trace: expect.stringMatching(/leaking boat[\s\S]*http\.ts:/) as string,
    });
  });

  test("is none for a path or method without a route", async () => {
    const engine = await open();
    const none = { kind: "none" } as const;
    expect(await engine.httpAction(request("/rooms"), none)).toBeUndefined();
    expect(
      await engine.httpAction(request("/elsewhere", { method: "POST" }), none),
    ).toBeUndefined();
  });
});
