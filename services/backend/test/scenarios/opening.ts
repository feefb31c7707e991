import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  crash,
  newKey,
  openHarbor,
  refusalOf,
  refused,
  registration,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Harbor } from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";
const builder = { room, role: "builder" };

const commandsOf = async (harbor: Harbor) =>
  (await harbor.mini.query(api.commands.forMachine, {})).items.map(({ kind, role }) => [
    kind,
    role,
  ]);

const open = async ({ ada }: Harbor, how: object) =>
  await ada.mutation(api.rooms.create, {
    name: "dock",
    team: ["planner", "builder"],
    key: newKey(),
    ...how,
  });

const missing = { message: "opencode is not installed.", command: "npm install -g opencode-ai" };

export const opening: Scenarios = {
  "a room with a harness adds and starts its whole team over the repository": async (home) => {
    const harbor = await openHarbor(home);
    const { roomId } = await open(harbor, { harness: "demo", repo: "/home/ada/dock" });
    const { items } = await harbor.ada.query(api.rooms.getTeamReadiness, { room: roomId });
    const agent = { harness: "demo", workingDir: "/home/ada/dock", machineName: "mini" };
    expect(items).toMatchObject([
      { role: "planner", desired: "running", ...agent },
      { role: "builder", desired: "running", ...agent },
    ]);
    expect(await commandsOf(harbor)).toEqual([
      ["start-agent", "planner"],
      ["start-agent", "builder"],
    ]);
  },

  "a team that cannot start opens no room, and what mends it is said": async (home) => {
    const harbor = await openHarbor(home);
    const harnesses = [
      ...registration.harnesses,
      { name: "opencode", version: "", problem: missing },
    ];
    await harbor.mini.mutation(api.machines.register, { ...registration, harnesses });
    const [machine] = (await harbor.ada.query(api.machines.list, {})).items;
    expect(machine?.harnesses).toEqual(harnesses);
    expect(await refused(open(harbor, { harness: "opencode" }))).toEqual({
      kind: "invalid",
      message: missing.message,
      hint: missing.command,
    });
    for (const [how, kind] of [
      [{ harness: "demo", machineId: "unknown" }, "not_found"],
      [{ harness: "nonsense" }, "not_found"],
      [{ repo: "/home/ada/dock" }, "invalid"],
      [{ harness: "demo", repo: "/tmp\n/etc" }, "invalid"],
    ] as const)
      expect(await refusalOf(open(harbor, how))).toBe(kind);
    expect((await harbor.ada.query(api.rooms.list, {})).items).toHaveLength(1);
  },

  "a restart lets the agent leave, gives its task back and starts it again": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const process = await startRemote(harbor, "builder");
    const { taskId } = await harbor.send("build", "builder");
    await take(process);
    const answer = await harbor.ada.mutation(api.agents.restart, builder);
    expect(answer).toEqual({ agentStatus: "working", desired: "running" });
    expect(await commandsOf(harbor)).toEqual([["stop-agent", "builder"]]);
    const { epoch } = process;
    const event = { type: "process_exited", code: 0, signal: null, tail: "", asked: true } as const;
    await harbor.mini.mutation(api.participants.updateAgentStatus, { ...builder, epoch, event });
    expect(await commandsOf(harbor)).toEqual([["start-agent", "builder"]]);
    expect(await harbor.ada.query(api.tasks.get, { room, taskId })).toMatchObject({
      status: "pending",
      recoveries: 0,
    });
    expect((await startRemote(harbor, "builder")).epoch).toBe(epoch + 1);
    expect(await commandsOf(harbor)).toEqual([]);
  },

  "a restart of what dies by itself meanwhile ends no newer process": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const process = await startRemote(harbor, "builder");
    await harbor.ada.mutation(api.agents.restart, builder);
    await crash(harbor, process);
    await startRemote(harbor, "builder");
    expect(await commandsOf(harbor)).toEqual([]);
  },

  "a restart is a start for what is down, and overtaken by a person's stop": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const process = await startRemote(harbor, "builder");
    const { caller, role, epoch, holderId } = process;
    await harbor.ada.mutation(api.agents.restart, builder);
    await harbor.ada.mutation(api.agents.stop, builder);
    await caller.mutation(api.participants.leave, { room, role, epoch, holderId });
    expect(await commandsOf(harbor)).not.toContainEqual(["start-agent", "builder"]);
    const down = await harbor.ada.mutation(api.agents.restart, builder);
    expect(down).toEqual({ agentStatus: "offline", desired: "running" });
    expect(await commandsOf(harbor)).toContainEqual(["start-agent", "builder"]);
    await sit(harbor, "planner");
    const custom = harbor.ada.mutation(api.agents.restart, { room, role: "planner" });
    expect(await refusalOf(custom)).toBe("illegal_transition");
  },
};
