import { expect } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import { newKey, take } from "../cast.ts";
import type { Scenarios } from "../home.ts";
import {
  FIRST,
  HOUR,
  MINUTE,
  SECOND,
  answer,
  keepWatch,
  noticesOf,
  pass,
  schedule,
  standing,
  ticksOf,
  write,
} from "../schedule-cast.ts";
import type { Watch } from "../schedule-cast.ts";

const room = "harbor";
const OPEN = "- [ ] the build is green";

/** harbor on watch with an open item and a heartbeat that ticked just now. */
async function ticking(...[home]: Parameters<typeof keepWatch>): Promise<Watch> {
  const watch = await keepWatch(home);
  await write(watch, OPEN);
  await schedule(watch);
  await pass(watch, SECOND);
  return watch;
}

const run = ({ ada }: Watch) =>
  ada.mutation(api.schedules.run, { room, schedule: "nightly", key: newKey() });

export const ticks: Scenarios = {
  "the interval counts by the wall clock, over a restart between two ticks": async (home) => {
    const watch = await ticking(home);
    const [first] = await ticksOf(watch);
    await home.beAway(29 * MINUTE);
    expect(await ticksOf(watch)).toHaveLength(1);
    await pass(watch, MINUTE);
    expect((await ticksOf(watch)).map(({ dueAt }) => dueAt - (first?.dueAt ?? 0))).toEqual([
      30 * MINUTE,
      0,
    ]);
  },

  "a restart at any phase fires a tick once: when it is due, woken, taken up, answered": async (
    home,
  ) => {
    const watch = await keepWatch(home);
    const restart = async () => await pass(watch, MINUTE);
    await write(watch, OPEN);
    await schedule(watch);
    await restart();
    const held = await take(watch.planner);
    await restart();
    await answer(watch, "The build is red.", held);
    await restart();
    await pass(watch, 26 * MINUTE);
    await restart();
    await restart();
    const all = await ticksOf(watch);
    expect(all.map(({ status }) => status)).toEqual(["woken", "ended"]);
    expect(new Set(all.map(({ taskId }) => taskId)).size).toBe(2);
    expect((await standing(watch)).nextDueAt).toBe((all[0]?.dueAt ?? 0) + 30 * MINUTE);
  },

  "after a night away one tick makes up for all, and says how many were missed": async (home) => {
    const watch = await ticking(home);
    await answer(watch, "HEARTBEAT_OK");
    await pass(watch, 8 * HOUR + 10 * MINUTE);
    const [late, first, ...others] = await ticksOf(watch);
    expect(others).toEqual([]);
    expect(late).toMatchObject({ missed: 15, dueAt: (first?.dueAt ?? 0) + 30 * MINUTE });
    const notices = await noticesOf(watch);
    expect(notices).toMatchObject([{ kind: "late", scope: "room", roomName: "harbor" }]);
    expect(notices[0]?.text).toMatch(/15 ticks were missed/);
    await answer(watch, "HEARTBEAT_OK");
    await pass(watch, 30 * MINUTE);
    expect(await noticesOf(watch)).toEqual([]);
  },

  "doubled workers and doubled clean-ups make no second tick": async (home) => {
    const watch = await ticking(home);
    for (let generation = 0; generation < 60; generation += 1)
      await home.admin.mutation(internal.deadlines.run, { generation });
    await home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
    await home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
    expect(await ticksOf(watch)).toHaveLength(1);
  },

  "ticks during a turn become one that waits, and the schedule goes on after it": async (home) => {
    const watch = await ticking(home);
    const held = await take(watch.planner);
    await pass(watch, 30 * MINUTE);
    await pass(watch, 30 * MINUTE);
    await pass(watch, 30 * MINUTE);
    expect((await ticksOf(watch)).map(({ status, reason }) => reason ?? status)).toEqual([
      "busy",
      "busy",
      "woken",
      "woken",
    ]);
    expect(await noticesOf(watch)).toMatchObject([{ kind: "unanswered" }]);
    await answer(watch, "HEARTBEAT_OK", held);
    await answer(watch, "HEARTBEAT_OK");
    expect(await noticesOf(watch)).toEqual([]);
    await pass(watch, 30 * MINUTE);
    expect((await ticksOf(watch))[0]).toMatchObject({ status: "woken" });
  },

  "a run by hand is a tick of its own and does not move the next one": async (home) => {
    const watch = await ticking(home);
    await answer(watch, "HEARTBEAT_OK");
    const { nextDueAt } = await standing(watch);
    expect(await run(watch)).toMatchObject({ status: "woken" });
    expect((await ticksOf(watch))[0]).toMatchObject({ manual: true });
    expect((await standing(watch)).nextDueAt).toBe(nextDueAt);
    await home.advance(1);
    expect(await run(watch)).toMatchObject({ status: "skipped", reason: "busy" });
  },

  "in its quiet hours a schedule skips, but not what a person runs by hand": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, OPEN);
    // The scenario begins at 22:13 in this zone.
    await schedule(watch, { quietHours: { from: "22:00", to: "23:00", zone: "UTC" } });
    await pass(watch, SECOND);
    expect(await ticksOf(watch)).toMatchObject([{ dueAt: FIRST, reason: "quiet-hours" }]);
    expect(await run(watch)).toMatchObject({ status: "woken" });
    await answer(watch, "HEARTBEAT_OK");
    await pass(watch, 30 * MINUTE);
    await pass(watch, 30 * MINUTE);
    expect((await ticksOf(watch))[0]).toMatchObject({ status: "woken" });
  },

  "a paused schedule rests, and resumed it counts from its last tick": async (home) => {
    const watch = await ticking(home);
    await answer(watch, "HEARTBEAT_OK");
    const named = { room, schedule: "nightly" };
    await watch.ada.mutation(api.schedules.pause, named);
    await pass(watch, 10 * MINUTE);
    const resumed = await watch.ada.mutation(api.schedules.resume, named);
    expect(resumed).toEqual({ state: "active", nextDueAt: FIRST + 30 * MINUTE });
    await watch.ada.mutation(api.schedules.pause, named);
    await pass(watch, 2 * HOUR);
    expect(await ticksOf(watch)).toHaveLength(1);
    await watch.ada.mutation(api.schedules.resume, named);
    await pass(watch, SECOND);
    expect(await ticksOf(watch)).toHaveLength(2);
  },

  "two heartbeats of a role at the same moment are one, and the others of a room keep apart":
    async (home) => {
      const watch = await keepWatch(home);
      await write(watch, OPEN);
      await schedule(watch);
      await schedule(watch, { name: "hourly" });
      const say = { kind: "prompt", prompt: "hello" } as const;
      await schedule(watch, { name: "greeting", ...say });
      await pass(watch, SECOND);
      const all = [
        ...(await ticksOf(watch)),
        ...(await ticksOf(watch, "hourly")),
        ...(await ticksOf(watch, "greeting")),
      ];
      expect(all.map(({ status, reason }) => reason ?? status)).toEqual([
        "woken",
        "coalesced",
        "woken",
      ]);
      const next = async () => {
        const { caller } = watch.planner;
        return (await caller.query(api.tasks.next, { room, role: "planner" }))?.taskId;
      };
      expect(await next()).toBe(all[0]?.taskId);
      await answer(watch, "HEARTBEAT_OK");
      expect(await next()).toBeUndefined();
      await home.advance(20 * SECOND);
      await pass(watch, 9 * SECOND);
      expect(await next()).toBe(all[2]?.taskId);
    },

  "who cannot be woken is said, and the schedule goes on": async (home) => {
    const watch = await ticking(home);
    await answer(watch, "HEARTBEAT_OK");
    await watch.ada.mutation(api.agents.stop, { room, role: "planner" });
    await pass(watch, 30 * MINUTE);
    expect((await ticksOf(watch))[0]).toMatchObject({
      reason: "agent-offline",
      detail: "planner is stopped",
    });
    expect((await standing(watch)).nextDueAt).toBe(FIRST + HOUR);
  },

  "what nobody would see is not run": async (home) => {
    const watch = await keepWatch(home);
    const visibility = { showOk: false, showAlerts: false, indicator: false };
    await watch.ada.mutation(api.schedules.configure, { room, visibility });
    await write(watch, OPEN);
    await schedule(watch);
    await pass(watch, SECOND);
    expect(await ticksOf(watch)).toMatchObject([{ reason: "nothing-shown" }]);
  },
};
