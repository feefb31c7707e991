import { createHash, createHmac } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import {
  ada,
  call,
  countingRandom,
  mutate,
  NOON,
  open,
  query,
  standingClock,
  temporaryDirectory,
} from "../../test/engine.ts";

const secrets = async () => {
  const engine = await open({ random: countingRandom() });
  return [await mutate(engine, "realm:secrets"), await mutate(engine, "realm:secrets")];
};

describe("in a query or mutation", () => {
  test("time stands still, and having looked at it is known", async () => {
    const engine = await open();
    const outcome = engine.query(call("realm:times"));
    expect(outcome).toMatchObject({ value: [NOON, NOON, NOON], observedTime: true });
    expect(engine.query(call("dir/deep"))).toMatchObject({ value: "deep", observedTime: false });
  });

  test("randomness differs from run to run and repeats with the same source", async () => {
    const [first, second] = await secrets();
    expect(first).not.toEqual(second);
    expect((first as { uuid: string }).uuid).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/,
    );
    expect(await secrets()).toEqual([first, second]);
  });

  test("web functions answer as they do elsewhere, with values that Convex takes", async () => {
    const engine = await open();
    expect(query(engine, "realm:web")).toEqual({
      digest: createHash("sha256").update("harbor").digest("hex"),
      mac: createHmac("sha256", "key").update("harbor").digest("hex"),
      verified: true,
      forged: false,
      url: "https://harbor.example/rooms?role=builder#x",
      text: "Ünïcode",
      base64: "aGFyYm9y",
      clone: { at: [1, { deep: true }] },
    });
  });

  test("a signature of an action is verified, and a forged one is not", async () => {
    const engine = await open();
    const outcome = await engine.action(call("outside:sign"));
    const signed = (outcome.success ? outcome.value : {}) as { signature: { $bytes: string } };
    expect(query(engine, "realm:verifySignature", signed)).toBe(true);
    const forged = { ...signed, signature: { $bytes: Buffer.alloc(64, 1).toString("base64") } };
    expect(query(engine, "realm:verifySignature", forged)).toBe(false);
  });

  test.each(["fetch", "setTimeout"])("%s is refused", async (name) => {
    const engine = await open();
    const outcome = engine.query(call("realm:refused", { name }));
    expect(outcome).toMatchObject({
      success: false,
      errorMessage: expect.stringContaining(`Can't use ${name}()`) as string,
    });
  });

  test.each([
    ["sync", /timed out/],
    ["async", /timed out/],
    ["never", /never settles/],
  ])("a function that never ends (%s) is ended, and the next one runs", async (how, reason) => {
    const engine = await open({ timeout: 500 });
    const outcome = engine.query(call("realm:forever", { how }));
    expect(outcome).toMatchObject({
      success: false,
      errorMessage: expect.stringMatching(reason) as string,
    });
    expect(query(engine, "dir/deep")).toBe("deep");
  });

  test("what is printed is kept as log lines", async () => {
    const engine = await open();
    expect(engine.query(call("realm:prints"))).toMatchObject({
      logLines: ["[LOG] 'hello' { role: 'planner' }", "[WARN] 'careful'"],
    });
  });

  test("an error names its place in the source", async () => {
    const engine = await open();
    const outcome = engine.query(call("realm:throws"));
    expect(outcome.success ? "" : outcome.errorMessage).toMatch(
      /^\[Request ID: [0-9a-f]{16}\] Server Error\nUncaught Error: no such role\n {4}at handler \(functions\/realm\.ts:\d+:\d+\)$/,
    );
  });

  test("the caller is known, and only a query that asked depends on who it is", async () => {
    const engine = await open();
    const asked = engine.query(call("realm:whoami", {}, { identity: ada }));
    expect(asked).toMatchObject({ value: { subject: "ada" }, observedIdentity: true });
    expect(engine.query(call("realm:whoami"))).toMatchObject({
      value: null,
      observedIdentity: true,
    });
    expect(engine.query(call("dir/deep"))).toMatchObject({ observedIdentity: false });
  });

  test("environment variables are the deployment's own, never the host's", async () => {
    const engine = await open({ env: { CONVEX_SITE_URL: "http://127.0.0.1:3211" } });
    expect(query(engine, "realm:variable", { name: "PATH" })).toBeNull();
    expect(query(engine, "realm:variable", { name: "CONVEX_SITE_URL" })).toBe(
      "http://127.0.0.1:3211",
    );
    await engine.environment.set({ HARBOR: "north" });
    expect(query(engine, "realm:variable", { name: "HARBOR" })).toBe("north");
  });
});

test("among queries that are run together only the endless one fails", async () => {
  const engine = await open({ timeout: 100 });
  const calls = [call("dir/deep"), call("realm:forever", { how: "sync" }), call("dir/deep")];
  const use = vi.fn<Parameters<typeof engine.prepare>[1]>();
  engine.prepare(
    calls.map((one) => ({ call: one, journal: null })),
    use,
  );
  const [outcomes = []] = use.mock.calls[0] ?? [];
  expect(outcomes.map((outcome) => outcome?.success)).toEqual([true, false, true]);
});

describe("a killed mutation", () => {
  test("takes the writes of the calls within it along", async () => {
    const engine = await open({ timeout: 150 });
    const [killed, kept] = await Promise.all([
      engine.mutation(call("rooms:createThenHang")),
      engine.mutation(call("rooms:create", { name: "after" })),
    ]);
    expect([killed.success, kept.success]).toEqual([false, true]);
    expect(query(engine, "rooms:names")).toEqual(["after"]);
  });

  test("leaves no file of its own behind", async () => {
    const data = temporaryDirectory();
    const engine = await open({ data, timeout: 150 });
    const killed = await engine.mutation(call("outside:storeThenHang"));
    expect(killed).toMatchObject({ errorMessage: expect.stringContaining("timed out") as string });
    expect(readdirSync(join(data, "files"))).toEqual([]);
  });
});

test("a scheduled mutation that is killed is a failed job", async () => {
  const engine = await open({ timeout: 500 });
  const id = (await mutate(engine, "outside:later", { path: "hang", delay: 0 })) as string;
  expect(await engine.system.runJob(id)).toMatchObject({ success: false });
  expect(query(engine, "outside:jobs")).toMatchObject([{ state: { kind: "failed" } }]);
});

test("a clock that is moved moves the functions' time", async () => {
  const clock = standingClock();
  const engine = await open({ clock });
  clock.time += 1000;
  expect(query(engine, "realm:times")).toEqual([NOON + 1000, NOON + 1000, NOON + 1000]);
});
