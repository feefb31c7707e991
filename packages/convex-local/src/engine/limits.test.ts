import { describe, expect, test } from "vitest";
import { call, mutate, open, query, standingClock } from "../../test/engine.ts";

const nested = (levels: number): never => (levels === 0 ? 1 : [nested(levels - 1)]) as never;

describe("what one function may do is bounded", () => {
  test("a nested mutation ends at the limits that its caller sets, and is undone alone", async () => {
    const engine = await open();
    expect(await mutate(engine, "limits:putWithin", { count: 2 })).toBe(2);
    expect(await mutate(engine, "limits:putWithin", { count: 3 })).toMatch(
      /Too many documents written .*limit: 2/,
    );
    expect(query(engine, "limits:count")).toBe(2);
  });

  test("more documents than one transaction may write are refused whole", async () => {
    const engine = await open();
    await expect(mutate(engine, "limits:put", { count: 16_001 })).rejects.toThrow(
      /Too many documents written .*limit: 16000/,
    );
    expect(query(engine, "limits:count")).toBe(0);
  });

  test("arguments as deep as a hostile client likes, and results too large to send, are refused", async () => {
    const engine = await open();
    expect(engine.query(call("limits:deep", { value: nested(3_000) }))).toMatchObject({
      success: false,
      errorMessage: expect.stringContaining("nested more than 64 levels") as string,
    });
    expect(engine.query(call("limits:long"))).toMatchObject({
      success: false,
      errorMessage: expect.stringContaining("result of limits:long is too large") as string,
    });
  });

  test("a job with arguments beyond 4 MiB is not scheduled", async () => {
    const engine = await open();
    await expect(mutate(engine, "limits:scheduleTooMuch", { size: 5 * 2 ** 20 })).rejects.toThrow(
      /arguments of a scheduled function are too large/,
    );
    await mutate(engine, "limits:scheduleTooMuch", { size: 2 ** 20 });
    expect(engine.system.dueJobs(Infinity, 10)).toHaveLength(1);
  });
});

test("jobs with more arguments than one function may read are run and forgotten all the same", async () => {
  const clock = standingClock();
  const engine = await open({ clock });
  for (let at = 0; at < 5; at += 1) {
    await mutate(engine, "limits:scheduleTooMuch", { size: 3.9 * 2 ** 20 });
  }
  const jobs = engine.system.dueJobs(Infinity, 10);
  for (const { id } of jobs) await engine.system.runJob(id);
  const states = () => jobs.map(({ id }) => query(engine, "limits:stateOfJob", { id }));
  expect(states()).toEqual(Array.from({ length: 5 }, () => "success"));
  clock.time += 8 * 24 * 3_600_000;
  await engine.system.prune(clock.time);
  expect(new Set(states())).toEqual(new Set(["forgotten"]));
});

test("a query on the state before the mutation is answered until the mutation writes, then refused", async () => {
  const engine = await open();
  await mutate(engine, "limits:put", { count: 3 });
  expect(await mutate(engine, "limits:countBefore", { writesFirst: false })).toBe(3);
  await expect(mutate(engine, "limits:countBefore", { writesFirst: true })).rejects.toThrow(
    /only as long as that mutation has written nothing/,
  );
});

test("code that relies on running once is found by running it twice", async () => {
  const once = await open();
  expect(await mutate(once, "limits:careless")).toBe(1);
  const twice = await open({ rerunMutations: 1 });
  expect(await mutate(twice, "limits:careless")).toBe(2);
  await mutate(twice, "rooms:create", { name: "harbor" });
  expect(query(twice, "rooms:names")).toEqual(["harbor"]);
});

test("a function learns its request's id, and neither address nor token of its caller", async () => {
  const engine = await open();
  expect(await mutate(engine, "limits:request")).toMatchObject({
    request: {
      ip: null,
      userAgent: null,
      requestId: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      scheduledFunctionId: null,
      authToken: null,
    },
    deployment: { name: "convex-local", region: null, class: "s16" },
    function: { name: "limits:request", type: "mutation", visibility: "public" },
  });
  expect(await engine.action(call("limits:requestOfAction"))).toMatchObject({ success: true });
});
