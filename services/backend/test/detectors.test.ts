import { AGENT_TASKS_PER_HOUR } from "@muster/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { api, internal } from "../convex/_generated/api.js";
import type { Id } from "../convex/_generated/dataModel.js";
import {
  addRemote,
  ask,
  beat,
  beginTurn,
  claim,
  crash,
  handOff,
  next,
  openHarbor,
  registration,
  signIn,
  sit,
  startRemote,
  take,
} from "./cast.ts";
import type { Harbor, Holder } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const room = "harbor";

let home: TestHome;
beforeEach(async () => {
  home = await openTestHome();
});
afterEach(async () => {
  await home.close();
});

const notices = async ({ ada }: Harbor) =>
  (await ada.query(api.messages.list, { room })).items.filter(({ type }) => type === "notice");
const commands = async ({ mini }: Harbor) => (await mini.query(api.commands.forMachine, {})).items;
const task = async ({ ada }: Harbor, taskId: Id<"tasks">) =>
  await ada.query(api.tasks.get, { room, taskId });

async function liveFor(holder: Holder, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10 * SECOND) {
    await home.advance(10 * SECOND);
    expect(await beat(holder)).toBe("ok");
  }
}

async function miniLives({ mini, machineEpoch }: Harbor): Promise<void> {
  await mini.mutation(api.machines.daemonHeartbeat, { epoch: machineEpoch, agents: [] });
}

test("the oldest task that is offered and not taken is known with the moment of its offer", async () => {
  const harbor = await openHarbor(home);
  const oldest = async () => await harbor.ada.query(api.tasks.oldestUndelivered, { room });
  expect(await oldest()).toBeNull();
  const first = Date.now();
  const { taskId } = await harbor.send("build", "builder");
  await home.advance(SECOND);
  await harbor.send("plan");
  expect(await oldest()).toEqual({ taskId, role: "builder", since: first });
  await claim(await sit(harbor, "builder"));
  expect(await oldest()).toMatchObject({ role: "planner", since: first + SECOND });
});

test("a long queue of a custom agent that is away is told of once, with the command to run", async () => {
  const harbor = await openHarbor(home);
  await sit(harbor, "planner");
  for (let sent = 0; sent < 20; sent += 1) {
    await harbor.send(`plan ${sent}`);
    await home.advance(10 * SECOND);
  }
  await home.advance(30 * MINUTE);
  expect((await notices(harbor)).map(({ text }) => text)).toEqual([
    "A task of planner waits and nobody takes it. planner was not heard from within its lease. What helps: muster wait-for-task --room harbor --role planner",
  ]);
});

test("what was told of once is watched again after somebody came and went", async () => {
  const harbor = await openHarbor(home);
  await harbor.send("plan");
  await harbor.send("plan more");
  await home.advance(6 * MINUTE);
  expect(await notices(harbor)).toHaveLength(1);
  const planner = await sit(harbor, "planner");
  const { holderId, role, epoch } = planner;
  await planner.caller.mutation(api.participants.leave, { room, role, epoch, holderId });
  await home.advance(6 * MINUTE);
  expect(await notices(harbor)).toHaveLength(2);
  await home.advance(30 * MINUTE);
  expect(await notices(harbor)).toHaveLength(2);
});

test("a remote agent that is ready and takes nothing for long is started anew, once", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  const process = await startRemote(harbor, "builder");
  await harbor.send("build", "builder");
  await liveFor(process, 4 * MINUTE + 50 * SECOND);
  expect(await commands(harbor)).toEqual([]);
  await miniLives(harbor);
  await liveFor(process, 20 * SECOND);
  expect(await commands(harbor)).toMatchObject([{ kind: "stop-agent", asked: "nobody" }]);
  expect((await notices(harbor)).map(({ text }) => text)).toEqual([
    "A task of builder waits and nobody takes it. builder is ready, but has not taken the task that waits for it. Its machine is asked to start it.",
  ]);
  const { role, epoch, holderId, caller } = process;
  await caller.mutation(api.participants.leave, { room, role, epoch, holderId });
  expect(await commands(harbor)).toMatchObject([{ kind: "start-agent", asked: "nobody" }]);
});

test("a remote agent that was out of reach is not ended for what waited meanwhile", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  const process = await startRemote(harbor, "builder");
  await harbor.send("build", "builder");
  await home.advance(4 * MINUTE + 55 * SECOND);
  expect((await harbor.seat("builder")).agentStatus).toBe("dead");
  const { role, epoch, holderId, caller } = process;
  await caller.mutation(api.participants.join, { room, role, epoch, holderId });
  const asked = async () => (await commands(harbor)).map(({ kind }) => kind);
  await miniLives(harbor);
  await liveFor(process, MINUTE);
  expect(await asked()).not.toContain("stop-agent");
  await liveFor(process, 4 * MINUTE);
  await miniLives(harbor);
  await liveFor(process, 20 * SECOND);
  expect(await asked()).toContain("stop-agent");
});

test("a queue behind a working agent is nobody's trouble", async () => {
  const harbor = await openHarbor(home);
  const builder = await sit(harbor, "builder");
  await harbor.send("build", "builder");
  await take(builder);
  await harbor.send("build more", "builder");
  await liveFor(builder, 20 * MINUTE);
  expect(await notices(harbor)).toEqual([]);
});

test("a claimed task that is not begun is offered to its holder again, as the same attempt", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  const { taskId } = await harbor.send("plan");
  await claim(planner, taskId);
  await harbor.send("plan more");
  await liveFor(planner, 110 * SECOND);
  expect(await next(planner)).not.toBe(taskId);
  await liveFor(planner, 20 * SECOND);
  expect(await next(planner)).toBe(taskId);
  const again = await claim(planner);
  expect(again.task).toMatchObject({ id: taskId, attempt: 1 });
  expect(await next(planner)).not.toBe(taskId);
});

test("a started task whose holder is gone without a trace comes back all the same", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  const { taskId } = await harbor.send("plan");
  await take(planner);
  await home.t.run(async (ctx) => {
    for (const seat of await ctx.db.query("participants").collect())
      await ctx.db.patch("participants", seat._id, { currentTaskId: undefined });
  });
  await liveFor(planner, 5 * MINUTE + 10 * SECOND);
  expect(await task(harbor, taskId)).toMatchObject({ status: "pending", recoveries: 1 });
});

test("a started task stays with a holder that lives, however long it works", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  const { taskId } = await harbor.send("plan");
  await take(planner);
  await liveFor(planner, 30 * MINUTE);
  expect(await task(harbor, taskId)).toMatchObject({ status: "in_progress", attempt: 1 });
});

test("a task taken up for the fourth time without a word of progress is stalled, and people are told once", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  await harbor.send("plan");
  const held = await take(planner);
  for (let resumes = 1; resumes <= 3; resumes += 1)
    await planner.caller.mutation(api.tasks.resume, held);
  expect((await harbor.seat("planner")).stalled).toBe(false);
  await planner.caller.mutation(api.tasks.resume, held);
  await planner.caller.mutation(api.tasks.resume, held);
  expect((await harbor.seat("planner")).stalled).toBe(true);
  expect(await notices(harbor)).toHaveLength(1);
  const progress = { ...held, text: "half way", key: "progress" };
  await planner.caller.mutation(api.messages.reportProgress, progress);
  expect((await harbor.seat("planner")).stalled).toBe(false);
});

test("a question of a tool that works unattended is a sign of life", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  await harbor.send("plan");
  const turn = await beginTurn(planner, await take(planner));
  const { role, epoch, holderId, caller } = planner;
  await caller.mutation(api.participants.park, { room, role, epoch, holderId });
  await home.advance(14 * MINUTE);
  await ask(turn);
  await home.advance(14 * MINUTE);
  expect((await harbor.seat("planner")).agentStatus).toBe("working");
  await home.advance(MINUTE + SECOND);
  expect((await harbor.seat("planner")).agentStatus).toBe("dead");
});

test("when agents have made their hour's tasks, the next one is held for people, and the hand-off still counts", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  const { taskId } = await harbor.send("plan");
  await home.t.run(async (ctx) => {
    const made = await ctx.db.get("tasks", taskId);
    if (made === null) throw new Error("the task is missing");
    const { _id, _creationTime, ...row } = made;
    for (let more = 0; more < AGENT_TASKS_PER_HOUR; more += 1)
      await ctx.db.insert("tasks", { ...row, status: "completed", depth: 1, causeKey: `${more}` });
  });
  const held = await take(planner);
  const { nextTaskId } = await handOff(planner, held, "builder");
  expect((await task(harbor, taskId)).status).toBe("completed");
  expect(nextTaskId === null ? null : await task(harbor, nextTaskId)).toMatchObject({
    status: "pending",
    heldBy: expect.stringContaining("within an hour"),
  });
  expect((await harbor.seat("builder")).needsYou).toBe(true);
  await home.advance(60 * MINUTE);
  const again = await sit(harbor, "planner", "planner-2");
  await harbor.send("plan anew");
  await handOff(again, await take(again), "builder");
  const { items } = await harbor.ada.query(api.tasks.list, { room, limit: 1 });
  expect(items[0]).toMatchObject({ role: "builder", heldBy: null });
});

async function machineNamed(harbor: Harbor, name: string): Promise<Id<"machines">> {
  const { machineSecret = "" } = await home.admin.mutation(internal.users.bootstrap, {
    owner: "ada",
    machine: name,
    mintPerson: false,
    mintMachine: true,
  });
  const machine = await signIn(harbor.home, machineSecret);
  const { machineId } = await machine.mutation(api.machines.register, { ...registration, name });
  return machineId;
}

test("three machines that fall silent together are told to the rooms whose agents they run", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  await machineNamed(harbor, "midi");
  await machineNamed(harbor, "maxi");
  await home.advance(29 * SECOND);
  expect(await notices(harbor)).toEqual([]);
  await home.advance(2 * SECOND);
  expect((await notices(harbor)).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^3 machines fell silent at once, mini of this room among them: /),
  ]);
});

test("two machines that fall silent together are told by their own sign alone", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  await machineNamed(harbor, "midi");
  await home.advance(31 * SECOND);
  expect(await notices(harbor)).toEqual([]);
});

test("the clean-up may come twice, late or not at all, and nothing differs", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  await crash(harbor, await startRemote(harbor, "builder"));
  const planner = await sit(harbor, "planner");
  await harbor.send("plan");
  await take(planner);
  const everything = () =>
    home.t.run(async (ctx) => ({
      seats: await ctx.db.query("participants").collect(),
      tasks: await ctx.db.query("tasks").collect(),
      leases: await ctx.db.query("leases").collect(),
      worker: await ctx.db.query("deadlineWorker").collect(),
    }));
  const before = await everything();
  for (let times = 0; times < 3; times += 1)
    await home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
  expect(await everything()).toEqual(before);
});

test("a worker that sleeps past a deadline is woken by the clean-up", async () => {
  const harbor = await openHarbor(home);
  await sit(harbor, "planner");
  await home.t.run(async (ctx) => {
    const worker = await ctx.db.query("deadlineWorker").unique();
    if (worker?.scheduledId === undefined) throw new Error("no deadline was ever armed");
    await ctx.scheduler.cancel(worker.scheduledId);
    const armedFor = Date.now() + 10 * 60 * MINUTE;
    const { generation } = worker;
    const scheduledId = await ctx.scheduler.runAt(armedFor, internal.deadlines.run, { generation });
    await ctx.db.patch("deadlineWorker", worker._id, { armedFor, scheduledId });
  });
  await home.advance(119 * SECOND);
  expect((await harbor.seat("planner")).agentStatus).toBe("ready");
  await home.advance(2 * SECOND);
  expect((await harbor.seat("planner")).agentStatus).toBe("dead");
});
