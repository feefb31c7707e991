import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { create } from "../convex/model/tasks/tasks.ts";
import { api, internal } from "../convex/_generated/api.js";
import { addRemote, beat, openHarbor, registration, sit } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";

const SECOND = 1_000;

let home: TestHome;
beforeEach(async () => {
  home = await openTestHome();
});
afterEach(async () => {
  await home.close();
});

const worker = () =>
  home.t.run(async (ctx) => {
    const row = await ctx.db.query("deadlineWorker").unique();
    if (row === null) throw new Error("no deadline was ever armed");
    return row;
  });

test("a beat does not write to the deadline worker", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  const before = await worker();
  expect(await beat(planner)).toBe("ok");
  expect(await worker()).toEqual(before);
});

test("an outdated run of the deadline worker does nothing", async () => {
  const harbor = await openHarbor(home);
  await sit(harbor, "planner");
  const { generation } = await worker();
  await home.t.run(async (ctx) => {
    for (const lease of await ctx.db.query("leases").collect())
      await ctx.db.patch("leases", lease._id, { readyUntil: Date.now() });
  });
  const status = async () => (await harbor.seat("planner")).agentStatus;
  await home.admin.mutation(internal.deadlines.run, { generation: generation - 1 });
  expect(await status()).toBe("ready");
  await home.admin.mutation(internal.deadlines.run, { generation });
  expect(await status()).toBe("dead");
});

test("when the worker's chain breaks, the clean-up takes it up again within two minutes", async () => {
  const harbor = await openHarbor(home);
  await sit(harbor, "planner");
  const { scheduledId } = await worker();
  await home.t.run(async (ctx) => {
    if (scheduledId !== undefined) await ctx.scheduler.cancel(scheduledId);
  });
  await home.advance(60 * SECOND);
  expect((await harbor.seat("planner")).agentStatus).toBe("ready");
  await home.advance(61 * SECOND);
  expect((await harbor.seat("planner")).agentStatus).toBe("dead");
});

test("more than one batch of leases that run out together are all dead in the same second", async () => {
  const harbor = await openHarbor(home);
  await home.t.run(async (ctx) => {
    for (let index = 0; index < 150; index += 1) {
      const participantId = await ctx.db.insert("participants", {
        roomId: harbor.roomId,
        role: `extra-${index}`,
        agentStatus: "ready",
        since: 0,
        reason: "",
        epoch: 1,
        needsYou: false,
        stalled: false,
        starting: false,
      });
      await ctx.db.insert("leases", {
        participantId,
        epoch: 1,
        phase: "attended",
        readyUntil: Date.now() + 20 * SECOND,
        renewedAt: Date.now(),
        renewedBy: "mini",
      });
    }
  });
  await sit(harbor, "planner");
  await home.advance(31 * SECOND);
  const ready = await home.t.run(async (ctx) =>
    (await ctx.db.query("participants").collect()).filter((seat) => seat.agentStatus === "ready"),
  );
  expect(ready).toEqual([]);
});

test("a task that nobody takes for long starts a remote agent that is down, once", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  await harbor.send("build", "builder");
  await home.advance(299 * SECOND);
  const open = async () => (await harbor.mini.query(api.commands.forMachine, {})).items;
  expect(await open()).toEqual([]);
  await home.advance(2 * SECOND);
  expect(await open()).toMatchObject([{ kind: "start-agent", asked: "nobody" }]);
  await home.advance(900 * SECOND);
  expect(await open()).toEqual([]);
});

test("a message that names a role twice makes one task for it", async () => {
  const harbor = await openHarbor(home);
  const { messageId, taskId } = await harbor.send("build it, @builder", "builder");
  const again = await home.t.run(async (ctx) => {
    const from = { kind: "person", name: "ada" } as const;
    const work = { role: "builder", text: "build it", from, originMessageId: messageId, depth: 0 };
    return await create(ctx, harbor.roomId, { ...work, cause: messageId });
  });
  expect(again).toBe(taskId);
});

const HOUR = 3_600_000;

test("a clock that is set back by an hour delays no death by more than a lease", async () => {
  const harbor = await openHarbor(home);
  await sit(harbor, "planner");
  const builder = await sit(harbor, "builder");
  vi.setSystemTime(Date.now() - HOUR);

  expect(await beat(builder)).toBe("ok");
  for (let beats = 0; beats < 3; beats += 1) {
    await home.advance(9 * SECOND);
    expect(await beat(builder)).toBe("ok");
    expect((await harbor.seat("planner")).agentStatus).toBe("ready");
  }
  await home.advance(4 * SECOND);

  expect((await harbor.seat("planner")).agentStatus).toBe("dead");
  expect((await harbor.seat("builder")).agentStatus).toBe("ready");
});

test("a daemon that begins after the clock was set back is missed when its lease ends, and no hour later", async () => {
  const { mini } = await openHarbor(home);
  vi.setSystemTime(Date.now() - HOUR);

  const { leaseMs } = await mini.mutation(api.machines.register, registration);

  expect((await worker()).armedFor).toBe(Date.now() + leaseMs);
});

test("deadlines of a clock that was ahead begin anew at the next clean-up, and no others", async () => {
  const harbor = await openHarbor(home);
  await sit(harbor, "planner");
  const { taskId } = await harbor.send("plan");
  const due = async () =>
    await home.t.run(async (ctx) => {
      const task = await ctx.db.get("tasks", taskId);
      const leases = await ctx.db.query("leases").collect();
      return [task?.dueAt ?? 0, ...leases.map(({ readyUntil }) => readyUntil ?? 0)];
    });
  const before = await due();
  await home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
  expect(await due()).toEqual(before);

  vi.setSystemTime(Date.now() - HOUR);
  await home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});

  for (const at of await due()) expect(at - Date.now()).toBeLessThanOrEqual(300 * SECOND);
  expect((await worker()).armedFor).toBe(Math.min(...(await due())));
});
