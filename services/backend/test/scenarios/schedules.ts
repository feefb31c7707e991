import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { newKey, openHarbor, refused, take } from "../cast.ts";
import type { Claim } from "../cast.ts";
import type { Scenarios } from "../home.ts";
import {
  FIRST,
  HOUR,
  MINUTE,
  SECOND,
  answer,
  keepWatch,
  messages,
  pass,
  schedule,
  standing,
  ticksOf,
  write,
} from "../schedule-cast.ts";

const room = "harbor";

export const schedules: Scenarios = {
  "nothing ticks in a room before somebody switches its schedules on": async (home) => {
    const harbor = await openHarbor(home);
    const added = await schedule(harbor);
    expect(added).toMatchObject({ nextDueAt: null, on: false });
    await home.advance(HOUR);
    expect(await ticksOf(harbor)).toEqual([]);
    expect((await standing(harbor)).state).toBe("off");
    await harbor.ada.mutation(api.schedules.configure, { room, on: true });
    await home.advance(SECOND);
    expect(await ticksOf(harbor)).toHaveLength(1);
    await harbor.ada.mutation(api.schedules.configure, { room, on: false });
    await home.advance(HOUR);
    expect(await ticksOf(harbor)).toHaveLength(1);
  },

  "an open item makes one alert, once; ticked off it is silent": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "# Watch\n- [ ] the build is green\n");
    await schedule(watch);
    await pass(watch, SECOND);
    const [woken] = await ticksOf(watch);
    expect(woken).toMatchObject({ status: "woken", due: ["1 open in HEARTBEAT.md"] });
    await answer(watch, "The build is red.");
    expect((await messages(watch)).at(-1)).toMatchObject({
      type: "message",
      sender: { kind: "agent", name: "planner" },
      text: "The build is red.",
      target: "user",
    });
    const told = (await messages(watch)).length;
    await pass(watch, 30 * MINUTE);
    await answer(watch, "**the build is red!**");
    expect(await messages(watch)).toHaveLength(told);
    expect((await ticksOf(watch))[0]).toMatchObject({
      outcome: "duplicate",
      withheld: "duplicate",
    });
    await write(watch, "# Watch\n- [x] the build is green\n");
    await pass(watch, 90 * MINUTE);
    expect((await ticksOf(watch))[0]).toMatchObject({ status: "skipped", reason: "empty-file" });
    expect(await messages(watch)).toHaveLength(told);
    expect((await standing(watch)).counts).toMatchObject({ wakes: 2, alerts: 1, duplicates: 1 });
  },

  "an OK is silent: its rest is one quiet line, a bare token not even that": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch);
    await pass(watch, SECOND);
    await answer(watch, "**HEARTBEAT_OK**");
    expect(await messages(watch)).toEqual([]);
    await pass(watch, 30 * MINUTE);
    await answer(watch, "All 12 builds are green. HEARTBEAT_OK");
    expect(await messages(watch)).toMatchObject([
      { type: "summary", text: "All 12 builds are green.", quiet: true },
    ]);
    expect((await standing(watch)).counts).toMatchObject({ oks: 2, alerts: 0 });
  },

  "a person who wants no quiet lines and no sign sees none, unless the room has its own say":
    async (home) => {
      const watch = await keepWatch(home);
      const { ada } = watch;
      const shown = async () => (await ada.query(api.schedules.list, { room })).shown;
      expect(await shown()).toEqual({ showOk: true, showAlerts: true, indicator: true });
      await ada.mutation(api.inbox.configure, { visibility: { showOk: false, indicator: false } });
      expect(await shown()).toEqual({ showOk: false, showAlerts: true, indicator: false });
      await ada.mutation(api.schedules.configure, { room, visibility: { indicator: true } });
      expect(await shown()).toEqual({ showOk: false, showAlerts: true, indicator: true });
    },

  "the typed answer says by itself whether people have to know": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch);
    await pass(watch, SECOND);
    const quiet = await take(watch.planner);
    const respond = (held: Claim, notify: boolean, text: string) =>
      watch.planner.caller.mutation(api.schedules.respond, {
        ...held,
        notify,
        text,
        key: newKey(),
      });
    expect(await respond(quiet, false, "all green")).toEqual({
      status: "completed",
      outcome: "ok",
    });
    await pass(watch, 30 * MINUTE);
    const loud = await take(watch.planner);
    expect((await respond(loud, true, "red HEARTBEAT_OK")).outcome).toBe("alert");
    expect(await messages(watch)).toMatchObject([
      { type: "summary", text: "all green" },
      { type: "message", text: "red" },
    ]);
  },

  "an idle week wakes nobody, and every tick says that it looked": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "# Look after\nthe queue\n");
    await schedule(watch, { cadence: { type: "interval", everyMs: 12 * HOUR } });
    await pass(watch, SECOND);
    await answer(watch, "HEARTBEAT_OK");
    for (let half = 0; half < 14; half += 1) await pass(watch, 12 * HOUR);
    const { counts } = await standing(watch);
    expect(counts).toMatchObject({ ticks: 15, wakes: 1, skips: { "nothing-due": 14 } });
  },

  "a prompt says its words at its time, and whoever asks the room sees them": async (home) => {
    const watch = await keepWatch(home);
    const at = FIRST + 5 * MINUTE;
    await schedule(watch, {
      name: "standup",
      kind: "prompt",
      prompt: "What is open?",
      cadence: { type: "once", at },
    });
    await pass(watch, 5 * MINUTE);
    const held = await take(watch.planner);
    await answer(watch, "Nothing is.", held);
    expect(await messages(watch)).toMatchObject([
      { sender: { kind: "system", name: "standup" }, text: "What is open?", target: "planner" },
      { sender: { kind: "agent", name: "planner" }, text: "Nothing is." },
    ]);
    expect(await standing(watch, "standup")).toMatchObject({ state: "done", nextDueAt: null });
  },

  "whoever takes a tick's task is told how to answer quietly": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch, { okToken: "ALL_QUIET" });
    await pass(watch, SECOND);
    const { caller, epoch, holderId } = watch.planner;
    const seat = { room, role: "planner", epoch };
    const { taskId } = (await caller.query(api.tasks.next, { room, role: "planner" })) ?? {
      taskId: "",
    };
    const { task, token } = await caller.mutation(api.tasks.claim, { ...seat, taskId, holderId });
    expect(task.text).toContain("The schedule nightly, which the people of this room have set up");
    expect(task.text).toContain("- [ ] the build is green");
    expect(task.text).toContain("ALL_QUIET");
    await caller.mutation(api.tasks.complete, {
      ...seat,
      taskId: task.id,
      token,
      text: "ALL_QUIET",
      key: newKey(),
    });
    expect((await ticksOf(watch))[0]).toMatchObject({ status: "ended", outcome: "ok" });
    expect(await messages(watch)).toEqual([]);
  },

  "a tick that becomes work for another role is no alert": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch);
    await pass(watch, SECOND);
    const held = await take(watch.planner);
    const next = { ...held, to: "builder", text: "mend it", key: newKey() };
    const { nextTaskId } = await watch.planner.caller.mutation(api.tasks.handOff, next);
    expect(nextTaskId).not.toBeNull();
    expect((await ticksOf(watch))[0]).toMatchObject({ outcome: "handed_off" });
  },

  "what cannot be kept is refused in one sentence, and nothing is added": async (home) => {
    const watch = await keepWatch(home);
    const wrong: [Parameters<typeof schedule>[1], string, RegExp][] = [
      [{ cadence: { type: "interval", everyMs: 59_000 } }, "invalid", /shorter than one minute/],
      [
        { cadence: { type: "cron", expression: "every day", zone: "UTC" } },
        "invalid",
        /is not a cron expression/,
      ],
      [
        { cadence: { type: "cron", expression: "0 9 * * *", zone: "Mars/Base" } },
        "invalid",
        /is not a time zone/,
      ],
      [{ cadence: { type: "once", at: 1 } }, "invalid", /in the past/],
      [{ target: "everybody" }, "invalid", /is no target/],
      [{ target: "dashboard/eve" }, "not_found", /channel "dashboard\/eve" of a member/],
      [{ target: "telegram/ada" }, "not_found", /channel "telegram\/ada"/],
      [{ role: "gardener" }, "not_found", /role "gardener"/],
      [{ name: "Nightly!" }, "invalid", /schedule's name/],
      [{ kind: "prompt" }, "invalid", /needs the words to say/],
      [{ okToken: "O K" }, "invalid", /OK token/],
      [{ quietHours: { from: "22", to: "7", zone: "UTC" } }, "invalid", /time of the day/],
    ];
    for (const [given, kind, message] of wrong) {
      const refusal = await refused(schedule(watch, given));
      expect(refusal).toMatchObject({ kind, message: expect.stringMatching(message) as string });
    }
    expect((await watch.ada.query(api.schedules.list, { room })).items).toEqual([]);
    await schedule(watch);
    expect(await refused(schedule(watch))).toMatchObject({ kind: "conflict" });
  },

  "a file that cannot be read is a skip with its reason, and due work wakes the role all the same":
    async (home) => {
      const watch = await keepWatch(home);
      const { mini, machineEpoch: epoch } = watch;
      type File = (typeof api.heartbeatFiles.report)["_args"]["file"];
      const report = (file: File, by = epoch) =>
        mini.mutation(api.heartbeatFiles.report, { epoch: by, room, role: "planner", file });
      await report({ state: "unreadable", reason: "permission denied" });
      await schedule(watch);
      await pass(watch, SECOND);
      const last = async () => (await ticksOf(watch))[0];
      expect(await last()).toMatchObject({
        reason: "unreadable-file",
        detail: "permission denied",
      });
      await report({ state: "read", text: "x".repeat(17 * 1024) });
      expect(await report({ state: "missing" }, epoch - 1)).toEqual({ accepted: false });
      await pass(watch, 30 * MINUTE);
      expect(await last()).toMatchObject({
        reason: "huge-file",
        detail: "HEARTBEAT.md has 17408 bytes, but at most 16384 are read.",
      });
      await report({ state: "missing" });
      await watch.send("are you there?", "planner");
      await pass(watch, 30 * MINUTE);
      expect(await last()).toMatchObject({ status: "woken", due: ["1 unanswered"] });
    },

  "a heartbeat waits a moment for the first word about its file, and ticks once when it is there":
    async (home) => {
      const watch = await keepWatch(home);
      await schedule(watch);
      await pass(watch, SECOND);
      expect(await ticksOf(watch)).toEqual([]);
      await write(watch, "- [ ] the build is green");
      await pass(watch, MINUTE);
      expect(await ticksOf(watch)).toMatchObject([{ status: "woken" }]);
    },

  "a machine that tells late of a file that asks for something has the tick made up for": async (
    home,
  ) => {
    const watch = await keepWatch(home);
    await schedule(watch);
    await pass(watch, MINUTE);
    expect(await ticksOf(watch)).toMatchObject([{ reason: "missing-file" }]);
    await write(watch, "- [ ] the build is green");
    await pass(watch, SECOND);
    expect((await ticksOf(watch)).map(({ status }) => status)).toEqual(["woken", "skipped"]);
  },

  "a machine that tells late that there is no file changes nothing": async (home) => {
    const watch = await keepWatch(home);
    await schedule(watch);
    await pass(watch, MINUTE);
    const { mini, machineEpoch: epoch } = watch;
    const file = { state: "missing" } as const;
    await mini.mutation(api.heartbeatFiles.report, { epoch, room, role: "planner", file });
    await pass(watch, SECOND);
    expect(await ticksOf(watch)).toHaveLength(1);
  },

  "removing a schedule takes back what nobody has begun": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch);
    await pass(watch, SECOND);
    const [tick] = await ticksOf(watch);
    const removed = await watch.ada.mutation(api.schedules.remove, { room, schedule: "nightly" });
    expect(removed).toEqual({ taken: null });
    const task = await watch.ada.query(api.tasks.get, { room, taskId: tick?.taskId ?? "" });
    expect(task.status).toBe("cancelled");
    await pass(watch, HOUR);
    expect((await watch.ada.query(api.schedules.list, { room })).items).toEqual([]);
  },

  "an answer to a schedule that was removed meanwhile keeps its own token to itself": async (
    home,
  ) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch, { okToken: "ALL_FAST" });
    await pass(watch, SECOND);
    const held = await take(watch.planner);
    const removed = await watch.ada.mutation(api.schedules.remove, { room, schedule: "nightly" });
    expect(removed).toEqual({ taken: held.taskId });
    await answer(watch, "ALL_FAST", held);
    expect(await messages(watch)).toEqual([]);
  },
};
