import type { JSONValue } from "convex/values";
import { describe, expect, test } from "vitest";
import {
  ada,
  call,
  mutate,
  open,
  query,
  standingClock,
  temporaryDirectory,
} from "../../test/engine.ts";
import type { StoreDriver } from "../storage/driver.ts";
import { openSqlite } from "../storage/sqlite.ts";

/** A driver whose next commits can be made to fail, and that counts those that did not. */
function observedDriver() {
  const control = { commits: 0, fails: false, onCommit: () => {} };
  const openDriver = (path: string): StoreDriver => {
    const real = openSqlite(path);
    return {
      ...real,
      commit: () => {
        control.onCommit();
        if (control.fails) throw new Error("disk I/O error");
        real.commit();
        control.commits += 1;
      },
    };
  };
  return { control, openDriver };
}

describe("a mutation", () => {
  test("is seen by every later query", async () => {
    const engine = await open();
    await mutate(engine, "rooms:create", { name: "harbor" });
    expect(query(engine, "rooms:find", { name: "harbor" })).toMatchObject({ name: "harbor" });
  });

  test("that throws leaves nothing behind", async () => {
    const engine = await open();
    const outcome = await engine.mutation(
      call("rooms:createOrFail", { name: "harbor", fails: true }),
    );
    expect(outcome).toMatchObject({ success: false, ts: null, errorData: { kind: "refused" } });
    expect(query(engine, "rooms:names")).toEqual([]);
  });

  test("called by another is undone alone when it fails, and concurrent calls do not mix", async () => {
    const engine = await open();
    expect(await mutate(engine, "rooms:createSome")).toEqual({
      seen: ["one"],
      refused: [{ kind: "refused", name: "two" }],
    });
    expect(query(engine, "rooms:names")).toEqual(["one", "three", "four"]);
  });

  test("is not answered before its commit is on disk", async () => {
    const { control, openDriver } = observedDriver();
    const engine = await open({ openDriver });
    const events: string[] = [];
    control.onCommit = () => events.push("sync");
    engine.onCommit(() => events.push("announced"));
    await engine
      .mutation(call("rooms:create", { name: "harbor" }))
      .then(() => events.push("answered"));
    expect(events).toEqual(["sync", "announced", "answered"]);
  });

  test("shares its sync with others that arrive together, and each keeps its own fate", async () => {
    const { control, openDriver } = observedDriver();
    const engine = await open({ openDriver });
    const before = control.commits;
    const outcomes = await Promise.all([
      engine.mutation(call("rooms:create", { name: "one" })),
      engine.mutation(call("rooms:createOrFail", { name: "two", fails: true })),
      engine.mutation(call("rooms:create", { name: "three" })),
    ]);
    expect(control.commits).toBe(before + 1);
    expect(outcomes.map(({ success }) => success)).toEqual([true, false, true]);
    expect(query(engine, "rooms:names")).toEqual(["one", "three"]);
  });

  test("whose commit fails is rejected with all of its batch, kept nowhere, and the next one works", async () => {
    const { control, openDriver } = observedDriver();
    const engine = await open({ openDriver });
    const commits: bigint[] = [];
    engine.onCommit(({ ts }) => commits.push(ts));
    const before = engine.latestTs;
    control.fails = true;
    const doomed = await Promise.allSettled([
      engine.mutation(call("rooms:create", { name: "one" }), { sessionId: "s", requestId: 1 }),
      engine.mutation(call("things:putUndeclared")),
    ]);
    expect(doomed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect([engine.latestTs, commits, query(engine, "rooms:names")]).toEqual([before, [], []]);

    control.fails = false;
    await engine.mutation(call("rooms:create", { name: "one" }), { sessionId: "s", requestId: 1 });
    expect(await mutate(engine, "things:putUndeclared")).toBe(1);
    expect(query(engine, "rooms:names")).toEqual(["one"]);
  });

  test("that was accepted before the engine is closed is committed and answered, a later one refused", async () => {
    const data = temporaryDirectory();
    const engine = await open({ data });
    const accepted = engine.mutation(call("rooms:create", { name: "harbor" }));
    const closed = engine.close();
    await closed;
    expect(await accepted).toMatchObject({ success: true });
    await expect(engine.mutation(call("rooms:create", { name: "late" }))).rejects.toThrow(/closed/);
    expect(query(await open({ data }), "rooms:names")).toEqual(["harbor"]);
  });

  test("repeated with its session and request is answered again, not run again, even after a restart", async () => {
    const data = temporaryDirectory();
    const request = { sessionId: "tab", requestId: 7 };
    const engine = await open({ data });
    const first = await engine.mutation(call("rooms:create", { name: "harbor" }), request);
    expect(await engine.mutation(call("rooms:create", { name: "harbor" }), request)).toEqual(first);
    await engine.close();

    const again = await open({ data });
    expect(await again.mutation(call("rooms:create", { name: "harbor" }), request)).toEqual(first);
    expect(query(again, "rooms:names")).toEqual(["harbor"]);
  });

  test("is not answered to someone else who knows its session and request", async () => {
    const engine = await open();
    const request = { sessionId: "tab", requestId: 7 };
    const create = { name: "harbor" };
    await engine.mutation(call("rooms:create", create, { identity: ada }), request);
    expect(await engine.mutation(call("rooms:create", create), request)).toMatchObject({
      success: false,
    });
  });

  test("that failed may be tried again under the same request", async () => {
    const engine = await open();
    const request = { sessionId: "tab", requestId: 1 };
    const args = { name: "harbor", fails: true };
    await engine.mutation(call("rooms:createOrFail", args), request);
    const second = await engine.mutation(
      call("rooms:createOrFail", { ...args, fails: false }),
      request,
    );
    expect(second).toMatchObject({ success: true });
  });

  test("gets a later timestamp and later documents though the clock stands or goes back", async () => {
    const data = temporaryDirectory();
    const clock = standingClock();
    const engine = await open({ data, clock });
    const times: [bigint | null, unknown][] = [];
    const create = async (by: typeof engine) => {
      const { ts } = await by.mutation(call("rooms:create", { name: "harbor" }));
      await by.mutation(
        call("rooms:remove", {
          id: (query(by, "rooms:find", { name: "harbor" }) as { _id: string })._id,
        }),
      );
      times.push([ts, by.latestTs]);
    };
    await create(engine);
    clock.time -= 60_000;
    await create(engine);
    const last = engine.latestTs;
    await engine.close();
    const again = await open({ data, clock });
    expect(again.latestTs).toBeGreaterThanOrEqual(last);
    await create(again);
    const flat = times.flat() as bigint[];
    expect(flat).toEqual(flat.toSorted((left, right) => (left < right ? -1 : 1)));
    expect(new Set(flat).size).toBe(flat.length);
  });
});

describe("arguments and documents", () => {
  test.each([
    ["rooms:create", {}, /ArgumentValidationError: .*missing the required field `name`/],
    [
      "rooms:create",
      { name: "harbor", extra: 1 },
      /ArgumentValidationError: .*extra field `extra`/,
    ],
    ["rooms:get", { id: "harbor" }, /ArgumentValidationError: .*not an id of table `rooms`/],
    ["rooms:create", [], /ArgumentValidationError/],
  ])("of %s given %j are refused", async (path, args, reason) => {
    const engine = await open();
    const outcome =
      path === "rooms:get"
        ? engine.query(call(path, args))
        : await engine.mutation(call(path, args));
    expect(outcome).toMatchObject({
      success: false,
      errorMessage: expect.stringMatching(reason) as string,
    });
  });

  test("a document that its schema does not allow is refused on change", async () => {
    const engine = await open();
    const id = await mutate(engine, "rooms:create", { name: "harbor" });
    const outcome = await engine.mutation(call("rooms:rename", { id, name: 7 }));
    expect(outcome).toMatchObject({ success: false });
    expect(query(engine, "rooms:get", { id })).toMatchObject({ name: "harbor" });
  });

  const nested = (levels: number): JSONValue => (levels === 0 ? 1 : [nested(levels - 1)]);
  test.each([
    ["nested too deep", nested(16), /16 levels/],
    ["with too long an array", Array.from({ length: 8193 }, () => 1), /Array is too long/],
    ["larger than a megabyte", "x".repeat(1024 * 1024), /too large/],
    ["with a field name that Convex reserves", { $role: 1 }, /reserved/],
  ])("a document %s is refused", async (_, bad, reason) => {
    const engine = await open();
    await expect(mutate(engine, "things:put", { value: bad })).rejects.toThrow(reason);
    await mutate(engine, "things:put", { value: nested(15) });
  });

  test("documents get strictly increasing creation times in one mutation", async () => {
    const engine = await open();
    await mutate(engine, "rooms:createSome");
    const rooms = ["one", "three", "four"].map((name) => query(engine, "rooms:find", { name }));
    const times = rooms.map((room) => (room as { _creationTime: number })._creationTime);
    expect(new Set(times).size).toBe(3);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  });
});

describe("a caller from outside", () => {
  test("finds neither an internal function nor a missing one, and cannot tell them apart", async () => {
    const engine = await open();
    const outside = { caller: "client", identity: ada } as const;
    const told = ["rooms:names", "rooms:nosuch"].map((path) =>
      engine.query(call(path, {}, outside)),
    );
    const messages = told.map((outcome) =>
      outcome.success ? "" : outcome.errorMessage.split("\n")[1],
    );
    expect(messages).toEqual([
      "Could not find public function for 'rooms:names'.",
      "Could not find public function for 'rooms:nosuch'.",
    ]);
  });

  test("reaches an internal function as admin", async () => {
    const engine = await open();
    const admin = { caller: "client", identity: { kind: "admin" } } as const;
    expect(engine.query(call("rooms:names", {}, admin))).toMatchObject({
      success: true,
      value: [],
    });
  });
});
