import * as fc from "fast-check";
import { expect, test } from "vitest";
import { call, open, query } from "../../test/engine.ts";
import type { Statement, StoreDriver } from "../storage/driver.ts";
import { openSqlite } from "../storage/sqlite.ts";

/** A driver on which the n-th step from now fails once, whatever step that is. */
function faultyDriver() {
  const fault = { after: Infinity };
  const step = <Step extends (...given: never[]) => unknown>(real: Step): Step =>
    ((...given) => {
      fault.after -= 1;
      if (fault.after === 0) throw new Error("disk I/O error");
      return real(...given);
    }) as Step;
  const openDriver = (path: string): StoreDriver => {
    const real = openSqlite(path);
    const prepare = (sql: string): Statement => {
      const { run, get, all } = real.prepare(sql);
      return { run: step(run), get: step(get), all: step(all) };
    };
    return {
      ...real,
      prepare,
      begin: step(real.begin),
      commit: step(real.commit),
      savepoint: step(real.savepoint),
      release: step(real.release),
      rollbackTo: step(real.rollbackTo),
    };
  };
  return { fault, openDriver };
}

test("a store that fails at any one step keeps exactly what it answered for, and goes on", async () => {
  const { fault, openDriver } = faultyDriver();
  const engine = await open({ openDriver });
  const kept: string[] = [];
  let count = 0;
  const announced: number[] = [];
  engine.onCommit(({ writes }) => announced.push(writes.length));

  const create = async (how: "plainly" | "failing" | "stubbornly") => {
    const name = `room ${(count += 1)}`;
    const request = { sessionId: "tab", requestId: count };
    const creation =
      how === "stubbornly"
        ? call("rooms:createStubbornly", { name })
        : call("rooms:createOrFail", { name, fails: how === "failing" });
    const [outcome] = await Promise.allSettled([engine.mutation(creation, request)]);
    if (outcome.status === "fulfilled" && outcome.value.success) kept.push(name);
  };
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 90 }),
      fc.array(fc.constantFrom("plainly", "failing", "stubbornly"), { minLength: 1, maxLength: 4 }),
      async (after, batch) => {
        fault.after = after + 1;
        await Promise.all(batch.map(create));
        fault.after = Infinity;
        await create("plainly");
        expect(query(engine, "rooms:names")).toEqual(kept);
        expect(announced).toHaveLength(kept.length);
      },
    ),
    { numRuns: 150 },
  );
});
