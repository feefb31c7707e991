import type { JSONValue } from "convex/values";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { call, mutate, openOnManualClock, query } from "../../test/engine.ts";
import type { ManualClock } from "../../test/manual-clock.ts";
import type { Engine } from "../engine/engine.ts";
import { Jobs } from "./jobs.ts";

const MINUTE = 60_000;

let clock: ManualClock;
let engine: Engine;
beforeEach(async () => {
  ({ clock, engine } = await openOnManualClock());
});

/** No ship is left at sea when the test ends. */
function begin(): void {
  const jobs = new Jobs(engine.system, clock, () => {});
  onTestFinished(async () => {
    await clock.advance(10 * MINUTE);
    jobs.abandon();
  });
}

const schedule = async (path: string, args: JSONValue, at = clock.now()) =>
  (await mutate(engine, "patrols:schedule", { path, args, at })) as string;
const sail = async (ship: string, at = clock.now(), more: { asks?: string } = {}) =>
  await schedule("patrols:sail", { ship, minutes: 1, ...more }, at);
const cancel = async (id: string) => await mutate(engine, "outside:cancel", { id });

const told = () => query(engine, "rooms:names") as string[];
const jobs = () =>
  query(engine, "outside:jobs") as { _id: string; name: string; state: { kind: string } }[];
const stateOf = (named: string) =>
  jobs().find(({ _id, name }) => _id === named || name === named)?.state.kind;

describe("jobs that are due", () => {
  test("begin in the order of their times, whichever was scheduled first", async () => {
    const start = clock.now();
    for (const minute of [3, 1, 5, 2, 4]) await sail(`ship ${minute}`, start + minute * MINUTE);
    await clock.advance(10 * MINUTE);
    begin();
    await clock.advance(0);
    expect(told()).toEqual([1, 2, 3, 4, 5].map((minute) => `ship ${minute} leaves`));
  });

  test("run eight at a time, and the next begins when one has ended", async () => {
    for (let ship = 1; ship <= 10; ship += 1) await sail(`ship ${ship}`);
    begin();
    await clock.advance(MINUTE - 1);
    expect(jobs().map(({ state }) => state.kind)).toEqual([
      ...Array.from({ length: 8 }, () => "inProgress"),
      "pending",
      "pending",
    ]);
    await clock.advance(1);
    expect(told().slice(8).toSorted()).toEqual(
      [
        ...Array.from({ length: 8 }, (_, at) => `ship ${at + 1} returns`),
        "ship 10 leaves",
        "ship 9 leaves",
      ].toSorted(),
    );
  });
});

describe("a job that is cancelled while it runs", () => {
  test.each(["itself", "its mutation", "a mutation of its mutation", "a mutation of its action"])(
    "ends as it would have, but what %s schedules is cancelled",
    async (asks) => {
      const id = await sail("linus", clock.now(), { asks });
      begin();
      await clock.advance(1);
      await cancel(id);
      await clock.advance(2 * MINUTE);
      expect(told()).toEqual(["linus leaves", "linus returns"]);
      expect([stateOf(id), stateOf("patrols.js:report")]).toEqual(["canceled", "canceled"]);
    },
  );

  test("does not keep others from what they schedule", async () => {
    const id = await sail("linus", clock.now(), { asks: "its mutation" });
    await sail("ada", clock.now(), { asks: "its mutation" });
    begin();
    await clock.advance(1);
    await cancel(id);
    await clock.advance(2 * MINUTE);
    expect(told().filter((name) => name === "report")).toHaveLength(1);
  });
});

describe("cancelling what is over", () => {
  test("changes nothing, also when it is long forgotten", async () => {
    const id = await schedule("patrols:report", {});
    begin();
    await clock.advance(1);
    await cancel(id);
    expect(stateOf(id)).toBe("success");
    await engine.system.prune(clock.now() + 8 * 24 * 60 * MINUTE);
    expect(jobs()).toEqual([]);
    await expect(cancel(id)).resolves.toBeNull();
  });

  test("takes the id of a job and no other", async () => {
    const room = await mutate(engine, "rooms:create", { name: "harbor" });
    const byAction = engine.action(call("patrols:cancelByAction", { id: room }));
    expect(await byAction).toMatchObject({
      success: false,
      errorMessage: expect.stringContaining("is not the id of a scheduled function") as string,
    });
  });
});

describe("a job that would cancel itself", () => {
  test("fails and has no effects if it is a mutation", async () => {
    const id = await schedule("patrols:callOff", {});
    begin();
    await clock.advance(1);
    expect([stateOf(id), told()]).toEqual(["failed", []]);
  });

  test("is cancelled and goes on if it is an action, also when its mutation does it", async () => {
    const id = await schedule("patrols:callOffByAction", {});
    begin();
    await clock.advance(1);
    expect([stateOf(id), told()]).toEqual(["canceled", ["called off"]]);
  });
});
