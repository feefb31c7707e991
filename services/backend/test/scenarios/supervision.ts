import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  beat,
  crash,
  initiate,
  newKey,
  openHarbor,
  refusalOf,
  registration,
  signIn,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Harbor, Holder } from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";
const builder = { room, role: "builder" };
const SECOND = 1_000;

const commandsOf = async (harbor: Harbor) =>
  (await harbor.mini.query(api.commands.forMachine, {})).items;

async function giveUp(harbor: Harbor): Promise<void> {
  const { epoch } = await initiate(harbor, "builder");
  const event = { type: "restart_exhausted", reason: "gave up" } as const;
  await harbor.mini.mutation(api.participants.updateAgentStatus, { ...builder, epoch, event });
}

export const supervision: Scenarios = {
  "five messages during one slow start make one start": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const [command] = await commandsOf(harbor);
    expect(command).toMatchObject({ kind: "start-agent", asked: "person" });
    await harbor.send("one", "builder");
    const epoch = harbor.machineEpoch;
    const commandId = command?._id ?? "";
    const taken = await harbor.mini.mutation(api.commands.claim, { commandId, epoch });
    expect(taken.accepted).toBe(true);
    for (const text of ["two", "three", "four", "five"]) await harbor.send(text, "builder");
    expect(await commandsOf(harbor)).toEqual([]);
    await startRemote(harbor, "builder");
    expect(await commandsOf(harbor)).toEqual([]);
    const late = { commandId, epoch, ok: false, reason: "slow" };
    expect((await harbor.mini.mutation(api.commands.finish, late)).accepted).toBe(false);
  },

  "a person's message gives an agent that was given up one trial, a handoff does not": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    await giveUp(harbor);
    await home.advance(61 * SECOND);
    expect(await commandsOf(harbor)).toEqual([]);
    const planner = await sit(harbor, "planner");
    await harbor.send("plan");
    const held = await take(planner);
    await planner.caller.mutation(api.tasks.handOff, {
      ...held,
      to: "builder",
      text: "b",
      key: newKey(),
    });
    expect(await commandsOf(harbor)).toEqual([]);
    await harbor.send("please", "builder");
    expect(await commandsOf(harbor)).toMatchObject([{ kind: "start-agent", asked: "message" }]);
  },

  "a stop while it works stays stopped: no report, message or detector brings it back": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const process = await startRemote(harbor, "builder");
    await harbor.send("build", "builder");
    await take(process);
    await harbor.ada.mutation(api.agents.stop, builder);
    expect(await commandsOf(harbor)).toMatchObject([{ kind: "stop-agent" }]);
    expect(await beat(process)).toBe("stop");
    const tail = "";
    const event = { type: "process_exited", code: 143, signal: null, tail, asked: true } as const;
    const { epoch } = process;
    await harbor.mini.mutation(api.participants.updateAgentStatus, { ...builder, epoch, event });
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "offline",
      reason: "stopped on purpose",
      desired: "stopped",
    });
    await harbor.send("more", "builder");
    await home.advance(10 * 60 * SECOND);
    expect((await initiate(harbor, "builder")).accepted).toBe(false);
    expect(await refusalOf(sit(harbor, "builder"))).toBe("stopped");
    expect((await commandsOf(harbor)).filter(({ kind }) => kind === "start-agent")).toEqual([]);
    expect((await harbor.seat("builder")).agentStatus).toBe("offline");
  },

  "the late exit report of an older process does not touch the newer one": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const first = await startRemote(harbor, "builder");
    await crash(harbor, first);
    const second = await startRemote(harbor, "builder");
    expect(await crash(harbor, first)).toMatchObject({ accepted: false, epoch: second.epoch });
    expect((await harbor.seat("builder")).agentStatus).toBe("ready");
    expect(await beat(first)).toBe("superseded");
    expect(await refusalOf(first.caller.query(api.tasks.next, builder))).toBe("superseded");
    const { items } = await harbor.ada.query(api.participants.events, builder);
    expect(items[0]).toMatchObject({ event: "process_exited", accepted: false });
  },

  "an exit report that comes again, because its daemon was killed before it knew, counts once":
    async (home) => {
      const harbor = await openHarbor(home);
      await addRemote(harbor, "builder");
      const process = await startRemote(harbor, "builder");
      const { taskId } = await harbor.send("build", "builder");
      await take(process);
      expect(await crash(harbor, process)).toMatchObject({ accepted: true, agentStatus: "dead" });
      const told = async () => ({
        seat: await harbor.seat("builder"),
        task: await harbor.ada.query(api.tasks.get, { room, taskId }),
      });
      const after = await told();
      expect(after.task).toMatchObject({ status: "pending", recoveries: 1 });

      expect(await crash(harbor, process)).toMatchObject({ accepted: false, agentStatus: "dead" });

      expect(await told()).toEqual(after);
    },

  "what happened to a role says who reported it": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const process = await startRemote(harbor, "builder");
    await crash(harbor, process);
    await startRemote(harbor, "builder");
    await home.advance(40 * SECOND);
    await harbor.ada.mutation(api.agents.stop, builder);
    const { items } = await harbor.ada.query(api.participants.events, builder);
    expect(items.toReversed().map(({ event, reporter }) => [event, reporter])).toEqual([
      ["restart_initiated", "the daemon of mini"],
      ["join", "its own process"],
      ["process_exited", "the daemon of mini"],
      ["restart_initiated", "the daemon of mini"],
      ["join", "its own process"],
      ["heartbeat_expired", "the deadline worker"],
      ["leave", "a person"],
    ]);
  },

  "an exit that is reported after the lease ran out still tells its signal and last words": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const process = await startRemote(harbor, "builder");
    await home.advance(40 * SECOND);
    expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "dead", lastExit: null });
    expect(await crash(harbor, process)).toMatchObject({ accepted: false, agentStatus: "dead" });
    const { lastExit } = await harbor.seat("builder");
    expect(lastExit).toMatchObject({ signal: "SIGSEGV", tail: "segmentation fault" });
    await home.advance(SECOND);
    await crash(harbor, process);
    expect((await harbor.seat("builder")).lastExit).toEqual(lastExit);
  },

  "a start that never comes up is dead after its deadline, and what was asked has expired": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const { agentSecret } = await initiate(harbor, "builder");
    expect((await harbor.seat("builder")).starting).toBe(true);
    await home.advance(119 * SECOND);
    expect((await harbor.seat("builder")).agentStatus).toBe("restarting");
    await home.advance(2 * SECOND);
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "dead",
      reason: "did not come up in time",
    });
    expect(await commandsOf(harbor)).toEqual([]);
    await initiate(harbor, "builder");
    const late = await signIn(home, agentSecret ?? "");
    expect(await refusalOf(late.query(api.tasks.next, builder))).toBe("superseded");
  },

  "a start that its machine never took up is asked for again while work waits": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    await harbor.send("build it", "builder");
    // Its machine is away: the start of its adding runs out, and so does that of the work that waits.
    await home.advance(61 * SECOND);
    expect(await commandsOf(harbor)).toEqual([]);
    await home.advance(270 * SECOND);
    expect(await commandsOf(harbor)).toMatchObject([{ kind: "start-agent" }]);
    await home.advance(61 * SECOND);
    expect(await commandsOf(harbor)).toEqual([]);
    await home.advance(300 * SECOND);
    expect(await commandsOf(harbor)).toMatchObject([{ kind: "start-agent" }]);
  },

  "a machine that is silent is disconnected, and one beat makes it whole again": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const process = await startRemote(harbor, "builder");
    const connected = async () =>
      (await harbor.ada.query(api.machines.list, {})).items[0]?.daemonConnected;
    for (let beats = 0; beats < 4; beats += 1) {
      await home.advance(10 * SECOND);
      expect(await beat(process)).toBe("ok");
    }
    expect(await connected()).toBe(false);
    expect((await harbor.seat("builder")).agentStatus).toBe("ready");
    const { role, epoch, holderId } = process;
    const agents = [{ room: harbor.roomId, role, epoch, holderId }];
    const answer = await harbor.mini.mutation(api.machines.daemonHeartbeat, {
      epoch: harbor.machineEpoch,
      agents,
    });
    expect(answer).toMatchObject({ answer: "ok", agents: [{ role, answer: "ok" }] });
    expect(await connected()).toBe(true);
  },

  "an agent that its machine speaks for is believed from its own last sign of life, not from the beat":
    async (home) => {
      const harbor = await openHarbor(home);
      await addRemote(harbor, "builder");
      const { role, epoch, holderId } = await startRemote(harbor, "builder");
      const beatFor = async (silentMs: number) =>
        await harbor.mini.mutation(api.machines.daemonHeartbeat, {
          epoch: harbor.machineEpoch,
          agents: [{ room: harbor.roomId, role, epoch, holderId, silentMs }],
        });
      await beatFor(0);
      await home.advance(9 * SECOND);
      expect(await beatFor(9 * SECOND)).toMatchObject({ agents: [{ role, answer: "ok" }] });

      await home.advance(20 * SECOND);
      expect((await harbor.seat("builder")).agentStatus).toBe("ready");
      await home.advance(2 * SECOND);
      expect((await harbor.seat("builder")).agentStatus).toBe("dead");
    },

  "a newer daemon of the same machine supersedes the older one and its commands": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const [command] = await commandsOf(harbor);
    const commandId = command?._id ?? "";
    await harbor.mini.mutation(api.machines.register, registration);
    const epoch = harbor.machineEpoch;
    expect(
      (await harbor.mini.mutation(api.machines.daemonHeartbeat, { epoch, agents: [] })).answer,
    ).toBe("superseded");
    const old = await harbor.mini.mutation(api.commands.claim, { commandId, epoch });
    expect(old.accepted).toBe(false);
    await harbor.mini.mutation(api.machines.disconnect, { epoch });
    expect((await harbor.ada.query(api.machines.list, {})).items[0]?.daemonConnected).toBe(true);
    await home.advance(61 * SECOND);
    const late = await harbor.mini.mutation(api.commands.claim, { commandId, epoch: epoch + 1 });
    expect(late.accepted).toBe(false);
  },

  "who waits hears at once that another has its seat, and not so once it has it back": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const first = await sit(harbor, "planner", "first");
    const waits = async ({ caller, role, epoch, holderId }: Holder) =>
      await caller.query(api.tasks.next, { room, role, holder: { epoch, holderId } });
    expect(await waits(first)).toBeNull();
    const second = await sit(harbor, "planner", "second");
    expect(await refusalOf(waits(first))).toBe("superseded");
    expect(await waits(second)).toBeNull();
    const back = { room, role: "planner", holderId: "first", takeOver: true };
    await first.caller.mutation(api.participants.join, back);
    expect(await waits(first)).toBeNull();
    expect(await refusalOf(waits(second))).toBe("superseded");
  },

  "a second waiter takes the seat over; the loser has to say so to get it back": async (home) => {
    const harbor = await openHarbor(home);
    const first = await sit(harbor, "planner", "first");
    const second = await sit(harbor, "planner", "second");
    expect(second.epoch).toBe(first.epoch + 1);
    expect(await beat(first)).toBe("superseded");
    expect(await refusalOf(sit(harbor, "planner", "first"))).toBe("superseded");
    const { caller, role, holderId } = first;
    const again = { room, role, holderId, takeOver: true };
    expect((await caller.mutation(api.participants.join, again)).epoch).toBe(second.epoch + 1);
    const gone = { room, role, epoch: second.epoch, holderId: "second" };
    await second.caller.mutation(api.participants.leave, gone);
    expect((await harbor.seat("planner")).agentStatus).toBe("ready");
  },

  "who lost its seat has to say so for a minute, and may sit down anew after it": async (home) => {
    const harbor = await openHarbor(home);
    await sit(harbor, "planner", "first");
    const second = await sit(harbor, "planner", "second");
    await home.advance(59 * SECOND);
    expect(await refusalOf(sit(harbor, "planner", "first"))).toBe("superseded");
    await home.advance(1 * SECOND);
    expect((await sit(harbor, "planner", "first")).epoch).toBe(second.epoch + 1);
  },
};
