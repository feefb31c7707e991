import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../convex/_generated/api.js";
import type { Id } from "../convex/_generated/dataModel.js";
import { beginTurn, newKey, refusalOf, take } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import type { Caller } from "./home.ts";
import {
  HOUR,
  MINUTE,
  SECOND,
  answer,
  keepWatch,
  messages,
  noticesOf,
  pass,
  schedule,
  standing,
  ticksOf,
  write,
} from "./schedule-cast.ts";
import type { Watch } from "./schedule-cast.ts";

const room = "harbor";
const DAY = 24 * HOUR;
const OPEN = "- [ ] the build is green";

let home: TestHome;
let watch: Watch;
beforeEach(async () => {
  home = await openTestHome();
  watch = await keepWatch(home);
  await write(watch, OPEN);
});
afterEach(async () => {
  await home.close();
});

/** Somebody else, who may enter the room or not, with a machine of their own. */
async function newcomer(name: string, member: boolean) {
  const ids = await home.t.run(async (ctx) => {
    const userId = await ctx.db.insert("users", { name });
    const { roomId } = watch;
    if (member)
      await ctx.db.insert("members", { roomId, userId, roomName: room, rights: ["send"] });
    const machineId = await ctx.db.insert("machines", {
      userId,
      name: "post",
      os: "linux",
      daemonVersion: "1",
      harnesses: [],
      daemonConnected: true,
      since: 0,
      epoch: 1,
    });
    const credential = { userId, label: "browser" };
    const person = await ctx.db.insert("credentials", { kind: "person", ...credential });
    const machine = await ctx.db.insert("credentials", {
      kind: "machine",
      machineId,
      ...credential,
    });
    return { userId, machineId, person, machine };
  });
  const as = (subject: string): Caller => home.as(subject);
  return { ...ids, caller: as(ids.person), post: as(ids.machine) };
}

async function speak(name: string, seq = 1): Promise<void> {
  await home.t.run(async (ctx) => {
    const { roomId } = watch;
    const sender = { kind: "person", name } as const;
    const said = { type: "message", text: "hi", at: Date.now() } as const;
    await ctx.db.insert("messages", { roomId, seq, sender, ...said });
  });
}

async function deliveries() {
  return await home.t.run(async (ctx) => await ctx.db.query("deliveries").collect());
}

test("a stranger as the last speaker gets nothing, and no member who spoke before gets it instead", async () => {
  await speak("ada");
  await newcomer("eve", false);
  await speak("eve", 2);
  await schedule(watch, { target: "last" });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  expect(await deliveries()).toEqual([]);
  expect((await ticksOf(watch))[0]).toMatchObject({ withheld: "no-target" });
});

/** Somebody is taken out of the room. */
async function leave(userId: Id<"users">): Promise<void> {
  await home.t.run(async (ctx) => {
    const members = await ctx.db.query("members").collect();
    const own = members.find((member) => member.userId === userId);
    if (own !== undefined) await ctx.db.delete("members", own._id);
  });
}

test("a member who left the room gets nothing, wherever the target names them", async () => {
  const linus = await newcomer("linus", true);
  await schedule(watch, { target: "dashboard/linus" });
  await leave(linus.userId);
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  expect(await deliveries()).toEqual([]);
});

test("a channel of its own needs a row and a carrier: claimed, sent and refused to everybody else", async () => {
  const linus = await newcomer("linus", true);
  await home.t.run(async (ctx) => {
    const { userId, machineId: carrierId } = linus;
    await ctx.db.insert("channels", { userId, kind: "telegram", address: "4711", carrierId });
  });
  await schedule(watch, { target: "telegram/linus" });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  const { items } = await linus.post.query(api.deliveries.outgoing, {});
  expect(items).toMatchObject([{ channel: "telegram", address: "4711" }]);
  const deliveryId = items[0]?._id ?? "";
  for (const caller of [watch.ada, watch.mini, linus.caller])
    expect(await refusalOf(caller.mutation(api.deliveries.claim, { deliveryId }))).toBe(
      "not_found",
    );
  const { attempt } = await linus.post.mutation(api.deliveries.claim, { deliveryId });
  const sent = { deliveryId, attempt, receipt: "message 12" };
  expect(await linus.post.mutation(api.deliveries.receipt, sent)).toEqual({ accepted: true });
  expect((await linus.caller.query(api.inbox.list, {})).items).toMatchObject([{ status: "sent" }]);
  expect((await standing(watch)).counts).toMatchObject({ sent: 1, dead: 0 });
});

test("a tick that breaks ends alone: its reason is kept, the next one is armed, others tick", async () => {
  await schedule(watch, { name: "broken", role: "builder" });
  await schedule(watch);
  await home.t.run(async (ctx) => {
    // A role with two agents is what no code expects.
    const { roomId } = watch;
    for (const role of ["builder", "builder"])
      await ctx.db.insert("agents", {
        roomId,
        role,
        type: "remote",
        harness: "demo",
        desired: "running",
      });
  });
  await pass(watch, SECOND);
  expect((await ticksOf(watch, "broken"))[0]).toMatchObject({
    reason: "failed",
    detail: expect.stringMatching(/unique/) as string,
  });
  expect((await standing(watch, "broken")).nextDueAt).not.toBeNull();
  expect((await ticksOf(watch))[0]).toMatchObject({ status: "woken" });
});

test("the one switch silences every room, and switched back everything goes on by itself", async () => {
  vi.stubEnv("MUSTER_SCHEDULES", "off");
  await schedule(watch);
  await pass(watch, SECOND);
  await pass(watch, 30 * MINUTE);
  expect((await ticksOf(watch)).map(({ reason }) => reason)).toEqual(["disabled", "disabled"]);
  expect(await standing(watch)).toMatchObject({ state: "off" });
  vi.stubEnv("MUSTER_SCHEDULES", "on");
  await pass(watch, 30 * MINUTE);
  expect((await ticksOf(watch))[0]).toMatchObject({ status: "woken" });
});

test("a schedule that nothing looks at is told by the clean-up, and ticks again by itself", async () => {
  await schedule(watch);
  await pass(watch, SECOND);
  await answer(watch, "HEARTBEAT_OK");
  await home.t.run(async (ctx) => {
    const worker = await ctx.db.query("deadlineWorker").unique();
    if (worker?.scheduledId !== undefined) await ctx.scheduler.cancel(worker.scheduledId);
  });
  await home.beAway(61 * MINUTE);
  expect(await noticesOf(watch)).toMatchObject([
    { kind: "late", text: expect.stringMatching(/did not tick in time/) as string },
  ]);
  await pass(watch, SECOND);
  expect((await ticksOf(watch))[0]).toMatchObject({ missed: 1 });
});

test("a clock that was ahead for a while silences no schedule", async () => {
  await schedule(watch);
  await pass(watch, SECOND);
  await answer(watch, "HEARTBEAT_OK");
  const right = Date.now();
  await pass(watch, 10 * DAY);
  expect(await ticksOf(watch)).toHaveLength(2);
  await answer(watch, "HEARTBEAT_OK");
  vi.setSystemTime(right + MINUTE);
  await home.t.mutation(internal.deadlines.cleanupStaleAgents, {});
  const { nextDueAt } = await standing(watch);
  expect(nextDueAt).toBe(right + 31 * MINUTE);
});

/** planner takes the waiting tick, and its turn ends with these words. */
async function failTurn(error: string): Promise<void> {
  const held = await take(watch.planner);
  const turn = await beginTurn(watch.planner, held);
  const { role, epoch, caller } = watch.planner;
  const usage = { cost: { amount: 2, currency: "USD" } };
  const { turnId } = turn;
  const end = { room, role, epoch, turnId, stopReason: "failed", error, usage } as const;
  await caller.mutation(api.turns.end, end);
  await answer(watch, error, held);
}

test("three failed sign-ins in a row stop a schedule; the owner hears it, and the button resumes it", async () => {
  await watch.ada.mutation(api.schedules.configure, { room, costPerDay: 100 });
  await schedule(watch);
  await pass(watch, SECOND);
  for (let failure = 0; failure < 3; failure += 1) {
    expect((await standing(watch)).state).toBe("active");
    await failTurn("API Error: 401 Invalid authentication credentials");
    await pass(watch, 30 * MINUTE);
  }
  expect(await standing(watch)).toMatchObject({
    state: "stopped",
    stopped: { reason: "sign-in-failed" },
    nextDueAt: null,
  });
  expect(await ticksOf(watch)).toHaveLength(3);
  const [notice] = await noticesOf(watch);
  expect(notice).toMatchObject({ kind: "stopped", action: "resume" });
  expect(notice?.text).toMatch(/planner failed to sign in to its model 3 times in a row/);
  expect((await watch.ada.query(api.inbox.list, {})).items).toMatchObject([
    { title: "nightly was stopped" },
  ]);
  await watch.ada.mutation(api.schedules.resume, { room, schedule: "nightly" });
  expect(await noticesOf(watch)).toEqual([]);
  await pass(watch, SECOND);
  expect((await ticksOf(watch))[0]).toMatchObject({ status: "woken" });
});

test("in an archived room the next tick is skipped and none follows, until the room is opened again", async () => {
  await schedule(watch);
  await watch.ada.mutation(api.rooms.archive, { room: "harbor" });
  expect(await standing(watch)).toMatchObject({ state: "off" });
  await pass(watch, 31 * MINUTE);
  expect(await ticksOf(watch)).toMatchObject([{ status: "skipped", reason: "room-archived" }]);
  await pass(watch, 31 * MINUTE);
  expect(await ticksOf(watch)).toHaveLength(1);
  await watch.ada.mutation(api.rooms.unarchive, { room: "harbor" });
  await pass(watch, 31 * MINUTE);
  expect(await ticksOf(watch)).toMatchObject([{ reason: "agent-offline" }, {}]);
});

test("money that is used up skips, and is counted once per turn", async () => {
  await watch.ada.mutation(api.schedules.configure, { room, costPerDay: 4 });
  await schedule(watch);
  await pass(watch, SECOND);
  await failTurn("the model was busy");
  await pass(watch, 30 * MINUTE);
  await failTurn("the model was busy again");
  await pass(watch, 30 * MINUTE);
  expect((await ticksOf(watch))[0]).toMatchObject({
    reason: "capped",
    detail: "4.00 spent within 24 hours, of 4.00 allowed",
  });
  expect((await standing(watch)).counts.cost).toBe(4);
});

test("a room in which nobody speaks for its days stops its schedules, and a word from a person keeps them", async () => {
  await watch.ada.mutation(api.schedules.configure, { room, idleDays: 2 });
  await schedule(watch);
  await pass(watch, SECOND);
  await answer(watch, "HEARTBEAT_OK");
  await pass(watch, DAY);
  await answer(watch, "HEARTBEAT_OK");
  await watch.send("thank you", "builder");
  await pass(watch, DAY + HOUR);
  await answer(watch, "HEARTBEAT_OK");
  await pass(watch, DAY + HOUR);
  expect((await ticksOf(watch))[0]).toMatchObject({ status: "skipped", reason: "stopped" });
  expect(await standing(watch)).toMatchObject({ stopped: { reason: "idle-room" } });
  await watch.ada.mutation(api.schedules.resume, { room, schedule: "nightly" });
  await pass(watch, 30 * MINUTE);
  expect((await ticksOf(watch))[0]).toMatchObject({ status: "woken" });
});

/** planner says something in the room, so often that nobody leafs through all of it. */
async function chatter(): Promise<void> {
  await home.t.run(async (ctx) => {
    const sender = { kind: "agent", name: "planner" } as const;
    const said = { roomId: watch.roomId, sender, type: "progress", text: "…" } as const;
    for (let seq = 1_000; seq < 1_300; seq += 1)
      await ctx.db.insert("messages", { ...said, seq, at: Date.now() });
  });
}

test("what agents say among themselves does not keep an idle room's schedules going", async () => {
  await watch.ada.mutation(api.schedules.configure, { room, idleDays: 2 });
  await schedule(watch);
  await pass(watch, SECOND);
  await answer(watch, "HEARTBEAT_OK");
  await pass(watch, 2 * DAY - HOUR);
  await answer(watch, "HEARTBEAT_OK");
  await chatter();
  await pass(watch, 2 * HOUR);
  expect(await standing(watch)).toMatchObject({ stopped: { reason: "idle-room" } });
});

test("the last speaker is found however much agents have said since", async () => {
  await watch.send("tell me when it breaks", "builder");
  await chatter();
  await schedule(watch, { target: "last" });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  expect(await deliveries()).toMatchObject([{ text: "The build is red." }]);
});

test("whoever left the room before their news was carried does not get it any more", async () => {
  const linus = await newcomer("linus", true);
  await schedule(watch, { target: "dashboard/linus" });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  const [delivery] = await deliveries();
  await leave(linus.userId);
  const deliveryId = delivery?._id ?? "";
  expect(await linus.caller.mutation(api.deliveries.claim, { deliveryId })).toMatchObject({
    accepted: false,
    delivery: null,
  });
  expect(await deliveries()).toMatchObject([
    { status: "dead", reason: "they are no member of the room any more" },
  ]);
});

test("news that nobody was told is no repeat once it is shown", async () => {
  const show = (showAlerts: boolean) =>
    watch.ada.mutation(api.schedules.configure, { room, visibility: { showAlerts } });
  await show(false);
  await schedule(watch);
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  await show(true);
  await pass(watch, 30 * MINUTE);
  await answer(watch, "The build is red.");
  expect(await messages(watch)).toMatchObject([{ text: "The build is red." }]);
});

test("with alerts hidden nothing is posted or sent, and the tick keeps the words", async () => {
  const visibility = { showAlerts: false };
  await watch.ada.mutation(api.schedules.configure, { room, visibility });
  await schedule(watch, { target: "owner" });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  expect(await messages(watch)).toEqual([]);
  expect(await deliveries()).toEqual([]);
  expect((await ticksOf(watch))[0]).toMatchObject({
    text: "The build is red.",
    withheld: "nothing-shown",
  });
});

test("a cancelled tick and one that was given up end as what they were", async () => {
  await schedule(watch);
  await pass(watch, SECOND);
  const [first] = await ticksOf(watch);
  const taskId = first?.taskId ?? ("" as Id<"tasks">);
  await watch.ada.mutation(api.tasks.cancel, { room, taskId });
  expect((await ticksOf(watch))[0]).toMatchObject({ status: "ended", outcome: "cancelled" });
});

test("a repeated request to add or run does it once", async () => {
  const key = newKey();
  const first = await schedule(watch, { key });
  expect(await schedule(watch, { key })).toEqual(first);
  await pass(watch, SECOND);
  await answer(watch, "HEARTBEAT_OK");
  const again = newKey();
  const run = { room, schedule: "nightly", key: again };
  const ran = await watch.ada.mutation(api.schedules.run, run);
  expect(await watch.ada.mutation(api.schedules.run, run)).toEqual(ran);
  expect(await ticksOf(watch)).toHaveLength(2);
});
