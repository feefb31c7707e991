import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../convex/_generated/api.js";
import { claim, initiate, newKey, next, signIn } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import { HOUR, MINUTE, SECOND, keepWatch, pass, schedule, write } from "./schedule-cast.ts";
import type { Watch } from "./schedule-cast.ts";

const room = "harbor";
/** How long a seed goes on, at the least. */
const SIMULATED_MS = 6 * HOUR;

let home: TestHome | undefined;
afterEach(async () => {
  await home?.close();
});

/** What may happen at any moment, and how long it takes. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.nat(10 * MINUTE) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("beat"), ms: fc.nat(40 * MINUTE) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("away"), ms: fc.nat(90 * MINUTE) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("clock"), ms: fc.nat(3 * 24 * HOUR) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "double",
        "clean",
        "take",
        "answer",
        "alert",
        "die",
        "run",
        "file",
        "back",
      ),
      ms: fc.nat(MINUTE),
    }),
  },
);
type Step = { readonly do: string; readonly ms: number };

/** planner's process, as far as a scenario knows it: it dies and is started again. */
type World = {
  watch: Watch;
  held: Awaited<ReturnType<typeof claim>>["claim"] | null;
  said: number;
};

async function act(world: World, given: Step): Promise<void> {
  const { watch } = world;
  const { planner, ada, mini } = watch;
  const at = { room, schedule: "nightly" };
  if (given.do === "pass") await watch.home.advance(given.ms);
  else if (given.do === "beat") await pass(watch, given.ms);
  else if (given.do === "clock") await setClockRight(watch, given.ms);
  else if (given.do === "away") await watch.home.beAway(given.ms + MINUTE);
  else if (given.do === "double") {
    const generation = given.ms % 40;
    await watch.home.admin.mutation(internal.deadlines.run, { generation });
  } else if (given.do === "clean")
    await watch.home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
  else if (given.do === "run") await ada.mutation(api.schedules.run, { ...at, key: newKey() });
  else if (given.do === "file") await write(watch, given.ms % 2 === 0 ? "- [ ] look" : "# calm");
  else if (given.do === "die") await mini.mutation(api.participants.updateAgentStatus, exit(watch));
  else if (given.do === "back") await comeBack(world);
  else if (given.do === "take" && world.held === null) {
    const taskId = await next(planner);
    if (taskId === null) return;
    world.held = (await claim(planner, taskId)).claim;
    await planner.caller.mutation(api.tasks.start, world.held);
  } else if (world.held !== null) {
    world.said += 1;
    const text = given.do === "alert" ? `news ${world.said % 3}` : "HEARTBEAT_OK";
    await planner.caller.mutation(api.tasks.complete, { ...world.held, text, key: newKey() });
    world.held = null;
  }
}

/** The clock was ahead for a while, in which everything was armed by it; now it is right again. */
async function setClockRight({ home: own }: Watch, ms: number): Promise<void> {
  const right = Date.now();
  await own.beAway(ms);
  vi.setSystemTime(right + SECOND);
  await own.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
}

const exit = ({ planner: { role, epoch } }: Watch) => ({
  room,
  role,
  epoch,
  event: {
    type: "process_exited" as const,
    code: 1,
    signal: null,
    tail: "",
    asked: false,
  },
});

/** mini beats, and starts planner's process if there is none. */
async function comeBack(world: World): Promise<void> {
  const { watch } = world;
  const { planner, machineEpoch: epoch, home: own, mini } = watch;
  await mini.mutation(api.machines.daemonHeartbeat, { epoch, agents: [] });
  if ((await watch.seat("planner")).agentStatus === "ready") return;
  const started = await initiate(watch, "planner");
  if (!started.accepted || started.agentSecret === undefined) return;
  const caller = await signIn(own, started.agentSecret);
  const holderId = `planner-${started.epoch}`;
  const seat = { room, role: "planner", holderId, epoch: started.epoch };
  await caller.mutation(api.participants.join, seat);
  world.held = null;
  world.watch = { ...watch, planner: { ...planner, caller, holderId, epoch: started.epoch } };
}

/** A refusal is an answer: what a dead process asks for is not done. Anything else is a fault. */
async function attempt(world: World, given: Step): Promise<void> {
  try {
    await act(world, given);
  } catch (error) {
    const { data } = error as { data?: unknown };
    if (data === undefined) throw error;
    if (JSON.stringify(data).includes("stale_claim")) world.held = null;
  }
}

async function check(own: TestHome): Promise<void> {
  const { ticks, tasks, states, deliveries } = await own.t.run(async (ctx) => ({
    ticks: await ctx.db.query("ticks").collect(),
    tasks: await ctx.db.query("tasks").collect(),
    states: await ctx.db.query("scheduleStates").collect(),
    deliveries: await ctx.db.query("deliveries").collect(),
  }));
  const fired = ticks.map(({ scheduleId, dueAt }) => `${scheduleId} ${dueAt}`);
  expect(new Set(fired).size).toBe(fired.length);
  // Ticks that were missed do not all fire at the moment at which one makes up for them.
  const moments = ticks.flatMap(({ scheduleId, at, manual }) =>
    manual ? [] : [`${scheduleId} ${at}`],
  );
  expect(new Set(moments).size).toBe(moments.length);
  const made = tasks.flatMap(({ tickId }) => (tickId === undefined ? [] : [tickId]));
  expect(new Set(made).size).toBe(made.length);
  expect(ticks.filter(({ status }) => status === "due")).toEqual([]);
  for (const scheduleId of new Set(ticks.map((tick) => tick.scheduleId))) {
    const pending = ticks.filter(
      (tick) =>
        tick.scheduleId === scheduleId &&
        tasks.some((task) => task._id === tick.taskId && task.status === "pending"),
    );
    expect(pending.length).toBeLessThanOrEqual(2);
  }
  for (const { nextDueAt, stopped } of states) {
    expect(stopped).toBeUndefined();
    expect(nextDueAt).not.toBeNull();
    expect((nextDueAt ?? 0) - Date.now()).toBeLessThanOrEqual(HOUR);
  }
  const sent = deliveries.map(({ text, at }) => `${text} ${Math.floor(at / (24 * HOUR))}`);
  expect(sent.length - new Set(sent).size).toBeLessThanOrEqual(1);
}

test("whatever restarts, doubles, dies or sleeps: each tick at most once, and no schedule ever stops", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
      await home?.close();
      const own = await openTestHome();
      home = own;
      const world: World = { watch: await keepWatch(own), held: null, said: 0 };
      const begun = Date.now();
      await world.watch.ada.mutation(api.schedules.configure, { room, runsPerDay: 1_440 });
      await write(world.watch, "- [ ] look");
      await schedule(world.watch, { target: "owner" });
      await schedule(world.watch, {
        name: "hourly",
        cadence: { type: "cron", expression: "17 * * * *", zone: "Europe/Berlin" },
      });
      for (const given of steps) {
        await attempt(world, given);
        await check(own);
      }
      const left = SIMULATED_MS - (Date.now() - begun);
      for (let rest = left; rest > 0; rest -= HOUR) await own.beAway(Math.min(rest, HOUR));
      await comeBack(world);
      await own.advance(HOUR + SECOND);
      await check(own);
      const ticks = await own.t.run(async (ctx) => await ctx.db.query("ticks").collect());
      expect(ticks.some(({ at, manual }) => !manual && Date.now() - at <= HOUR)).toBe(true);
    }),
    { numRuns: 6 },
  );
}, 60_000);
