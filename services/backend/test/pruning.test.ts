import { APPROVALS_KEPT_MS, DIFFS_KEPT_MS, TURN_EVENTS_KEPT_MS } from "@muster/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../convex/_generated/api.js";
import {
  DIFF,
  addRemote,
  ask,
  beginTurn,
  openHarbor,
  record,
  refusalOf,
  signIn,
  sit,
  startRemote,
  take,
} from "./cast.ts";
import type { Holder } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";

let home: TestHome;
beforeEach(async () => {
  home = await openTestHome();
});
afterEach(async () => {
  await home.close();
});

const room = "harbor";
const cleanUp = async () => await home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
const counts = async () =>
  await home.t.run(async (ctx) => ({
    events: (await ctx.db.query("turnEvents").collect()).length,
    approvals: (await ctx.db.query("approvals").collect()).length,
    diffs: (await ctx.db.query("taskDiffs").collect()).length,
  }));

async function workDone() {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  await harbor.send("plan");
  const held = await take(planner);
  const turn = await beginTurn(planner, held);
  await record(turn, 1, ["one", "two"]);
  const { approvalId } = await ask(turn);
  await harbor.ada.mutation(api.approvals.answer, { approvalId, answer: "yes" });
  await ask(turn, "2");
  const { epoch, role } = planner;
  const diff = { room, role, epoch, taskId: held.taskId, diff: DIFF };
  await planner.caller.mutation(api.tasks.recordDiff, diff);
  return harbor;
}

test("what a turn left goes in its time: first its events, then its answers, at last its diff", async () => {
  await workDone();
  const began = Date.now();
  const after = async (ms: number) => {
    vi.setSystemTime(began + ms);
    await cleanUp();
    return await counts();
  };
  expect(await after(TURN_EVENTS_KEPT_MS - 1)).toEqual({ events: 2, approvals: 2, diffs: 1 });
  // Creation times of one moment follow each other by fractions of a millisecond.
  expect(await after(TURN_EVENTS_KEPT_MS + 1)).toEqual({ events: 0, approvals: 2, diffs: 1 });
  expect(await after(APPROVALS_KEPT_MS)).toEqual({ events: 0, approvals: 1, diffs: 1 });
  expect(await after(DIFFS_KEPT_MS)).toEqual({ events: 0, approvals: 1, diffs: 0 });
});

test("one clean-up takes a bounded batch, the next ones the rest", async () => {
  const harbor = await workDone();
  await home.t.run(async (ctx) => {
    const [approval] = await ctx.db.query("approvals").collect();
    if (approval === undefined) throw new Error("nothing was asked");
    const { _id, _creationTime, ...row } = approval;
    for (let more = 0; more < 99; more += 1) await ctx.db.insert("approvals", row);
  });
  vi.setSystemTime(Date.now() + APPROVALS_KEPT_MS);
  const left: number[] = [];
  for (let times = 0; times < 3; times += 1) {
    await cleanUp();
    left.push((await counts()).approvals);
  }
  expect(left).toEqual([37, 1, 1]);
  const ada = await signIn(home, harbor.adaSecret);
  expect((await ada.query(api.approvals.list, {})).items).toHaveLength(1);
});

test("of many starts only the last credentials are kept, and each still hears that it was superseded", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  const startAgain = async ({ epoch, role, holderId, caller }: Holder) => {
    await caller.mutation(api.participants.leave, { room, role, epoch, holderId });
    return await startRemote(harbor, "builder");
  };
  const first = await startRemote(harbor, "builder");
  let last = await startAgain(first);
  const next = { room, role: "builder" };
  expect(await refusalOf(first.caller.query(api.tasks.next, next))).toBe("superseded");
  for (let starts = 0; starts < 40; starts += 1) last = await startAgain(last);
  const kept = await home.t.run(async (ctx) =>
    (await ctx.db.query("credentials").collect()).filter(({ epoch }) => epoch !== undefined),
  );
  expect(kept.length).toBeLessThanOrEqual(18);
  expect(await last.caller.query(api.tasks.next, next)).toBeNull();
});
