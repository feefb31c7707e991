import type { JSONValue } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { call, mutate, open, query } from "../../test/engine.ts";
import type { Engine, Outcome } from "./engine.ts";

let engine: Engine;
beforeEach(async () => {
  engine = await open();
});

/** Runs a function of any kind; throws what it fails with. */
async function run(path: string, args: JSONValue): Promise<JSONValue> {
  const kind = engine.functionKind(path)?.kind;
  const outcome: Outcome =
    kind === "query"
      ? engine.query(call(path, args))
      : kind === "mutation"
        ? await engine.mutation(call(path, args))
        : await engine.action(call(path, args));
  if (outcome.success) return outcome.value;
  throw new Error(outcome.errorMessage);
}

const handleOf = async (path: string, by = "handles:ofQuery") => await run(by, { path });

test("a function's handle is the same text whoever asks for it", async () => {
  const makers = ["handles:ofQuery", "handles:ofMutation", "handles:ofAction"];
  const handles = await Promise.all(makers.map(async (by) => await handleOf("rooms:names", by)));
  expect(new Set(handles).size).toBe(1);
  expect(handles[0]).toMatch(/^function:\/\//);
});

describe("a handle stands for its function", () => {
  test.each(["handles:ask", "handles:askByAction"])("when %s runs a query", async (by) => {
    await mutate(engine, "rooms:create", { name: "harbor" });
    const handle = await handleOf("rooms:names");
    expect(await run(by, { handle, args: {} })).toEqual(["harbor"]);
  });

  test.each(["handles:mutate", "handles:mutateByAction"])("when %s runs a mutation", async (by) => {
    const handle = await handleOf("rooms:createOrFail");
    await run(by, { handle, args: { name: "harbor", fails: false } });
    expect(query(engine, "rooms:names")).toEqual(["harbor"]);
  });

  test("when an action runs an action", async () => {
    const handle = await handleOf("outside:job");
    await run("handles:actByAction", { handle, args: {} });
    expect(query(engine, "rooms:names")).toEqual(["by action"]);
  });

  test.each(["handles:schedule", "handles:scheduleByAction"])(
    "when %s has it run later",
    async (by) => {
      const handle = await handleOf("rooms:createOrFail");
      const id = await run(by, { handle, args: { name: "harbor", fails: false } });
      expect(query(engine, "outside:jobs")).toMatchObject([{ name: "rooms.js:createOrFail" }]);
      await engine.system.runJob(id as string);
      expect(query(engine, "rooms:names")).toEqual(["harbor"]);
    },
  );
});

test.each(["function://;rooms:nosuch", "function://harbor;", "not a handle"])(
  "what is no function's handle runs nothing: %j",
  async (handle) => {
    for (const by of ["ask", "mutate", "schedule", "askByAction", "scheduleByAction"]) {
      await expect(run(`handles:${by}`, { handle, args: {} })).rejects.toThrow(/Could not find/);
    }
    expect(query(engine, "outside:jobs")).toEqual([]);
  },
);
