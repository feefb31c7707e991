import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  beat,
  claim,
  crash,
  handOff,
  initiate,
  next,
  openHarbor,
  refusalOf,
  signIn,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";
const TTL = 30_000;
const SECOND = 1_000;

export const liveness: Scenarios = {
  "a silent agent is dead within its lease, ready or working alike, and its task goes back": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await sit(harbor, "builder");
    const { taskId } = await harbor.send("plan");
    await take(planner);
    await home.advance(TTL - SECOND);
    expect((await harbor.seat("planner")).agentStatus).toBe("working");
    await home.advance(2 * SECOND);
    expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "dead" });
    expect(await harbor.seat("planner")).toMatchObject({
      agentStatus: "dead",
      reason: "not heard from within its lease",
      currentTaskId: null,
    });
    const task = await harbor.ada.query(api.tasks.get, { room, taskId });
    expect(task).toMatchObject({ status: "pending", recoveries: 1 });
  },

  "an agent that beats through a long job stays working": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await harbor.send("plan");
    await take(planner);
    for (let minute = 0; minute < 5; minute += 1) {
      for (let beats = 0; beats < 6; beats += 1) {
        await home.advance(10 * SECOND);
        expect(await beat(planner)).toBe("ok");
      }
    }
    expect((await harbor.seat("planner")).agentStatus).toBe("working");
    expect(
      (await harbor.ada.query(api.participants.evidence, { room, role: "planner" })).renewedBy,
    ).toBe("planner");
  },

  "a role that nobody has taken yet has no lease, and a role of no team has no evidence": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const of = (role: string) => harbor.ada.query(api.participants.evidence, { room, role });
    const nobody = { renewedAt: null, readyUntil: null, renewedBy: null, epoch: 0 };
    expect(await of("planner")).toEqual(nobody);
    expect(await refusalOf(of("cook"))).toBe("not_found");
  },

  "a holder declared dead by mistake joins again, resumes its task and keeps its epoch": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    const { taskId } = await harbor.send("plan");
    const held = await take(planner);
    await home.advance(TTL + SECOND);
    expect(await beat(planner)).toBe("rejoin_required");
    const { role, holderId, epoch } = planner;
    const joined = await planner.caller.mutation(api.participants.join, {
      room,
      role,
      holderId,
      epoch,
    });
    expect(joined).toMatchObject({ epoch, held: { taskId, status: "pending" } });
    const again = await planner.caller.mutation(api.tasks.resume, held);
    expect(again.task).toMatchObject({ resumed: true, attempt: 1 });
    expect((await harbor.seat("planner")).agentStatus).toBe("working");
    expect(await beat(planner)).toBe("ok");
  },

  "a holder declared dead by mistake may still hand off while nobody else has begun": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await harbor.send("plan");
    const held = await take(planner);
    await home.advance(TTL + SECOND);
    const { nextTaskId } = await handOff(planner, held, "builder");
    expect(nextTaskId).not.toBeNull();
    expect(await beat(planner)).toBe("rejoin_required");
    expect((await harbor.seat("planner")).agentStatus).toBe("dead");
  },

  "an old worker that wakes up cannot write on a task that another one has claimed": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const old = await sit(harbor, "planner", "old");
    const { taskId } = await harbor.send("plan");
    const stale = await take(old);
    await home.advance(TTL + SECOND);
    const fresh = await sit(harbor, "planner", "fresh");
    await home.advance(2 * SECOND);
    const { claim: held } = await claim(fresh, taskId);
    expect(await refusalOf(handOff(old, stale, "builder"))).toBe("stale_claim");
    expect(await refusalOf(old.caller.mutation(api.tasks.start, stale))).toBe("superseded");
    const progress = { ...stale, text: "still at it", key: "late" };
    expect(await refusalOf(old.caller.mutation(api.messages.reportProgress, progress))).toBe(
      "superseded",
    );
    expect(await refusalOf(old.caller.mutation(api.tasks.release, stale))).toBe("stale_claim");
    expect(await beat(old)).toBe("superseded");
    await fresh.caller.mutation(api.tasks.start, held);
    await handOff(fresh, held, "user");
  },

  "a claim whose reply was lost is given again to the same holder, as the same attempt": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    const { taskId } = await harbor.send("plan");
    const lost = await claim(planner, taskId);
    const again = await claim(planner, taskId);
    expect(again.task.attempt).toBe(1);
    expect(await refusalOf(planner.caller.mutation(api.tasks.start, lost.claim))).toBe(
      "stale_claim",
    );
    await planner.caller.mutation(api.tasks.start, again.claim);
  },

  "a claimed task stays with a live holder that does not begin, and people are told": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    const { taskId } = await harbor.send("plan");
    await claim(planner);
    for (let beats = 0; beats < 61; beats += 1) {
      await home.advance(10 * SECOND);
      expect(await beat(planner)).toBe("ok");
    }
    const task = await harbor.ada.query(api.tasks.get, { room, taskId });
    expect(task).toMatchObject({ status: "acknowledged", attempt: 1, recoveries: 0 });
    expect((await harbor.seat("planner")).stalled).toBe(true);
    const { items } = await harbor.ada.query(api.messages.list, { room });
    expect(items.filter(({ type }) => type === "notice")).toHaveLength(1);
  },

  "a task that kills every worker ends as a dead letter with its reason, until a person retries":
    async (home) => {
      const harbor = await openHarbor(home);
      await addRemote(harbor, "builder");
      const { taskId } = await harbor.send("build", "builder");
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        const process = await startRemote(harbor, "builder");
        await take(process);
        await crash(harbor, process);
        expect(await next(process).catch(() => "superseded")).toBeNull();
        await home.advance(60 * SECOND);
      }
      const task = await harbor.ada.query(api.tasks.get, { room, taskId });
      expect(task).toMatchObject({
        status: "dead_letter",
        attempt: 4,
        reason: "given up after 3 recoveries; the last time its holder's process ended",
      });
      const { items } = await harbor.ada.query(api.messages.list, { room });
      expect(items.at(-1)).toMatchObject({ type: "notice", taskId });
      await harbor.ada.mutation(api.tasks.retry, { room, taskId });
      expect(await next(await startRemote(harbor, "builder"))).toBe(taskId);
    },

  "every status is seen by whoever looks at the panel": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const status = async () => (await harbor.seat("builder")).agentStatus;
    expect(await status()).toBe("offline");
    await initiate(harbor, "builder");
    expect(await status()).toBe("restarting");
    const process = await startRemote(harbor, "builder");
    expect(await status()).toBe("ready");
    await harbor.send("build", "builder");
    await take(process);
    expect(await status()).toBe("working");
    await crash(harbor, process);
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "dead",
      lastExit: { signal: "SIGSEGV", tail: "segmentation fault" },
    });
    const { epoch } = process;
    const event = { type: "restart_exhausted", reason: "gave up after 3 starts" } as const;
    await harbor.mini.mutation(api.participants.updateAgentStatus, {
      room,
      role: "builder",
      epoch,
      event,
    });
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "dead_failed_revive",
      reason: "gave up after 3 starts",
    });
  },

  "who has been dead for a day is offline, also when the backend slept through it": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    await crash(harbor, await startRemote(harbor, "builder"));
    await home.beAway(23 * 3600 * SECOND);
    const seat = async () => {
      const ada = await signIn(home, harbor.adaSecret);
      return (await ada.query(api.rooms.getTeamReadiness, { room })).items[1]?.agentStatus;
    };
    expect(await seat()).toBe("dead");
    await home.beAway(3600 * SECOND);
    expect(await seat()).toBe("offline");
  },

  "whatever the clean-up did, a holder that comes back is well again with its next beat": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await home.advance(TTL + SECOND);
    await home.beAway(24 * 3600 * SECOND);
    const { role, holderId, epoch } = planner;
    const back = { ...planner, caller: await signIn(home, harbor.adaSecret, { room, role }) };
    const ada = await signIn(home, harbor.adaSecret);
    const status = async () =>
      (await ada.query(api.rooms.getTeamReadiness, { room })).items[0]?.agentStatus;
    expect(await status()).toBe("offline");
    expect(await beat(back)).toBe("rejoin_required");
    await back.caller.mutation(api.participants.join, { room, role, holderId, epoch });
    expect(await status()).toBe("ready");
    expect(await beat(back)).toBe("ok");
  },

  "only a holder's own beat keeps it alive: messages to it do not": async (home) => {
    const harbor = await openHarbor(home);
    await sit(harbor, "planner");
    for (let passed = 0; passed < TTL; passed += 5 * SECOND) {
      expect((await harbor.seat("planner")).agentStatus).toBe("ready");
      await harbor.send("are you there?");
      await home.advance(5 * SECOND);
    }
    await home.advance(SECOND);
    expect((await harbor.seat("planner")).agentStatus).toBe("dead");
  },

  "after the backend was away everybody gets one more lease, and only one": async (home) => {
    const harbor = await openHarbor(home);
    await sit(harbor, "planner");
    await home.beAway(30 * 60 * SECOND);
    expect((await harbor.seat("planner")).agentStatus).toBe("ready");
    await home.advance(TTL - SECOND);
    expect((await harbor.seat("planner")).agentStatus).toBe("ready");
    await home.advance(2 * SECOND);
    expect((await harbor.seat("planner")).agentStatus).toBe("dead");
  },

  "a parked seat is offline after the gap, and unattended work is given longer": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    const builder = await sit(harbor, "builder");
    await harbor.send("build", "builder");
    const held = await take(builder);
    for (const { caller, role, epoch, holderId } of [planner, builder])
      await caller.mutation(api.participants.park, { room, role, epoch, holderId });
    await home.advance(119 * SECOND);
    expect((await harbor.seat("planner")).agentStatus).toBe("ready");
    await home.advance(2 * SECOND);
    expect(await harbor.seat("planner")).toMatchObject({
      agentStatus: "offline",
      reason: "stopped asking for work",
    });
    await home.advance(10 * 60 * SECOND);
    const progress = { ...held, text: "half way", key: "progress" };
    await builder.caller.mutation(api.messages.reportProgress, progress);
    await home.advance(14 * 60 * SECOND);
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "working",
      activity: { text: "half way" },
    });
    await home.advance(61 * SECOND);
    expect((await harbor.seat("builder")).agentStatus).toBe("dead");
  },

  "who was thought dead is heard, and its card shows no work": async (home) => {
    const harbor = await openHarbor(home);
    const { caller, role, epoch } = await sit(harbor, "planner");
    await home.advance(31 * SECOND);
    const progress = { room, role, epoch, text: "half way", key: "progress" };
    await caller.mutation(api.messages.reportProgress, progress);
    expect(await harbor.seat("planner")).toMatchObject({ agentStatus: "dead", activity: null });
    const { items } = await harbor.ada.query(api.messages.list, { room, limit: 100 });
    expect(items.map(({ text }) => text)).toContain("half way");
  },
};
