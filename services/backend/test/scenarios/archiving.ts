import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  beat,
  claim,
  initiate,
  newKey,
  next,
  openHarbor,
  refusalOf,
  refused,
  signIn,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";

export const archiving: Scenarios = {
  "an archived room is refused to everybody who acts, with one sentence and the way back": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const { ada } = harbor;
    const planner = await sit(harbor, "planner");
    await harbor.send("plan");
    await ada.mutation(api.rooms.archive, { room });

    expect(await refused(harbor.send("more"))).toEqual({
      kind: "archived",
      message: "The room harbor is archived.",
      hint: "muster room unarchive harbor",
    });
    expect(await refusalOf(next(planner))).toBe("archived");
    expect(await refusalOf(claim(planner))).toBe("archived");
    const seat = { room, role: "builder" };
    expect(await refusalOf(signIn(home, harbor.adaSecret, seat))).toBe("archived");
    const { caller, holderId } = planner;
    const join = caller.mutation(api.participants.join, { room, role: "planner", holderId });
    expect(await refusalOf(join)).toBe("archived");
    expect(await refusalOf(addRemote(harbor, "builder"))).toBe("archived");
    const again = ada.mutation(api.rooms.create, { name: room, team: ["a"], key: newKey() });
    expect(await refused(again)).toMatchObject({
      kind: "conflict",
      hint: "muster room unarchive harbor",
    });
  },

  "an archived room leaves the list, can be read, and comes back with all that waited in it":
    async (home) => {
      const harbor = await openHarbor(home);
      const { ada } = harbor;
      const { taskId } = await harbor.send("build", "builder");
      const { archivedAt } = await ada.mutation(api.rooms.archive, { room });
      expect(await ada.mutation(api.rooms.archive, { room })).toEqual({ archivedAt });
      expect(await ada.query(api.rooms.list, {})).toEqual({ items: [] });
      const known = await ada.query(api.rooms.list, { archived: true });
      const archivedBy = "ada";
      expect(known.items).toMatchObject([{ name: room, archivedAt, archivedBy }]);
      expect(await ada.query(api.rooms.get, { room })).toMatchObject({ archivedAt, archivedBy });
      const { items } = await ada.query(api.messages.list, { room });
      expect(items).toMatchObject([{ text: "build" }]);

      await ada.mutation(api.rooms.unarchive, { room });
      expect((await ada.query(api.rooms.list, {})).items).toMatchObject([
        { archivedAt: null, archivedBy: null },
      ]);
      expect(await next(await sit(harbor, "builder"))).toBe(taskId);
    },

  "archiving stops the room's agents: they leave, what they had begun goes back, and nothing starts them":
    async (home) => {
      const harbor = await openHarbor(home);
      const { ada, mini } = harbor;
      await addRemote(harbor, "builder");
      const process = await startRemote(harbor, "builder");
      const planner = await sit(harbor, "planner");
      const { taskId } = await harbor.send("build", "builder");
      await take(process);
      await ada.mutation(api.rooms.archive, { room });

      const { items } = await mini.query(api.commands.forMachine, {});
      expect(items).toMatchObject([{ kind: "stop-agent", role: "builder" }]);
      for (const { caller, role, epoch, holderId } of [process, planner]) {
        expect(await beat({ caller, role, epoch, holderId })).toBe("stop");
        await caller.mutation(api.participants.leave, { room, role, epoch, holderId });
        const left = { agentStatus: "offline", reason: "its room was archived" };
        expect(await harbor.seat(role)).toMatchObject({ ...left, desired: "stopped" });
      }
      const task = await ada.query(api.tasks.get, { room, taskId });
      expect(task).toMatchObject({ status: "pending", recoveries: 0 });
      await home.advance(10 * 60_000);
      expect(await mini.query(api.commands.forMachine, {})).toEqual({ items: [] });
      expect(await initiate(harbor, "builder")).toMatchObject({ accepted: false });
    },
};
