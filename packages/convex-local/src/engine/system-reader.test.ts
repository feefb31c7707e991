import { beforeEach, describe, expect, test } from "vitest";
import { call, commitOf, mutate, open, query } from "../../test/engine.ts";
import type { Engine } from "./engine.ts";

let engine: Engine;
let room: string;
let job: string;
beforeEach(async () => {
  engine = await open();
  room = (await mutate(engine, "rooms:create", { name: "harbor" })) as string;
  job = (await mutate(engine, "outside:later", { path: "mutation", delay: 1000 })) as string;
});

describe("the reader of system tables", () => {
  test("reads what the reader of the app's tables does not, and the other way round", () => {
    expect(query(engine, "readers:system", { id: job })).toMatchObject({
      name: "rooms.js:createOrFail",
      state: { kind: "pending" },
    });
    expect(query(engine, "readers:app", { id: room })).toMatchObject({ name: "harbor" });
    expect(() => query(engine, "readers:app", { id: job })).toThrow(
      "System tables can only be accessed through `db.system.`.",
    );
    expect(() => query(engine, "readers:system", { id: room })).toThrow(
      "App tables can only be accessed through `db.`.",
    );
  });

  test("is live: who has read a job hears of its end", async () => {
    const { reads } = engine.query(call("readers:system", { id: job }));
    expect(reads.overlaps(await commitOf(engine, "rooms:create", { name: "quay" }))).toBe(false);
    expect(reads.overlaps(await commitOf(engine, "outside:cancel", { id: job }))).toBe(true);
  });

  test.each(["patch", "replace", "delete", "insert"])("has no %s", async (how) => {
    const before = query(engine, "readers:system", { id: job });
    await expect(mutate(engine, "readers:write", { id: job, how })).rejects.toThrow(
      /System|read-only/,
    );
    expect(query(engine, "readers:system", { id: job })).toEqual(before);
  });
});
