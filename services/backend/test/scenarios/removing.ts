import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  beat,
  crash,
  initiate,
  next,
  openHarbor,
  refusalOf,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";
const builder = { room, role: "builder" };

export const removing: Scenarios = {
  "an agent that is removed while it works leaves: its task goes back, its credential dies, its history stays":
    async (home) => {
      const harbor = await openHarbor(home);
      await addRemote(harbor, "builder");
      const process = await startRemote(harbor, "builder");
      const { taskId } = await harbor.send("build", "builder");
      await take(process);
      await harbor.ada.mutation(api.agents.remove, builder);
      expect(await harbor.seat("builder")).toMatchObject({
        agentStatus: "offline",
        reason: "its agent was removed",
        type: null,
        currentTaskId: null,
      });
      const task = await harbor.ada.query(api.tasks.get, { room, taskId });
      expect(task).toMatchObject({ status: "pending", recoveries: 0 });
      expect(await refusalOf(beat(process))).toBe("not_signed_in");
      expect(await harbor.mini.query(api.agents.forMachine, {})).toEqual({ items: [] });
      expect(await harbor.mini.query(api.commands.forMachine, {})).toEqual({ items: [] });
      const { items } = await harbor.ada.query(api.participants.events, builder);
      expect(items[0]).toMatchObject({ event: "leave", from: "working", to: "offline" });
      expect(await refusalOf(crash(harbor, process))).toBe("not_found");
      expect(await refusalOf(initiate(harbor, "builder"))).toBe("not_found");
      expect(await refusalOf(harbor.ada.mutation(api.agents.remove, builder))).toBe("not_found");
    },

  "after a removal the role waits for the next agent, and its queue with it": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    await startRemote(harbor, "builder");
    await harbor.ada.mutation(api.agents.remove, builder);
    const { taskId } = await harbor.send("build", "builder");
    await home.advance(10 * 60_000);
    expect(await harbor.mini.query(api.commands.forMachine, {})).toEqual({ items: [] });
    await addRemote(harbor, "builder");
    expect(await next(await startRemote(harbor, "builder"))).toBe(taskId);
  },

  "a person's own tool that was removed is signed out, and may sit down anew": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await harbor.ada.mutation(api.agents.remove, { room, role: "planner" });
    expect(await refusalOf(beat(planner))).toBe("not_signed_in");
    const again = await sit(harbor, "planner", "planner-2");
    expect(await beat(again)).toBe("ok");
  },
};
