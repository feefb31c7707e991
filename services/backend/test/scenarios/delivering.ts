import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  claim,
  crash,
  handOff,
  initiate,
  next,
  openHarbor,
  refusalOf,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Harbor, Holder } from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";
const SECOND = 1_000;

/** Works a role's queue off, and answers the texts of what was asked, in their order. */
async function workOff(harbor: Harbor, holder: Holder): Promise<string[]> {
  const asked: string[] = [];
  for (let task = await next(holder); task !== null; task = await next(holder)) {
    asked.push((await harbor.ada.query(api.tasks.get, { room, taskId: task })).text);
    await handOff(holder, await take(holder), "user", "done");
  }
  return asked;
}

export const delivering: Scenarios = {
  "what was sent before anybody sat there is the first thing that is taken": async (home) => {
    const harbor = await openHarbor(home);
    const { seq } = await harbor.send("first");
    expect(seq).toBe(1);
    await harbor.send("second");
    expect(await workOff(harbor, await sit(harbor, "planner"))).toEqual(["first", "second"]);
  },

  "a message that comes at any step of a finish is a task of its own, and none is lost": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await harbor.send("0");
    const { claim: held } = await claim(planner);
    await harbor.send("claimed");
    await planner.caller.mutation(api.tasks.start, held);
    await harbor.send("started");
    await Promise.all([
      harbor.send("with the finish"),
      handOff(planner, held, "user", "done"),
      harbor.send("with the finish, too"),
    ]);
    await harbor.send("finished");
    const asked = await workOff(harbor, planner);
    expect(asked.toSorted()).toEqual(
      ["claimed", "started", "with the finish", "with the finish, too", "finished"].toSorted(),
    );
  },

  "however often a role becomes busy and idle, all of its work is taken, once": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    const sent: string[] = [];
    const taken: string[] = [];
    const send = async () => {
      sent.push(`${sent.length}`);
      await harbor.send(`${sent.length - 1}`);
    };
    for (let edge = 0; edge < 60; edge += 1) {
      // Work comes while the role is idle, while it is busy, or while it becomes either; sometimes twice.
      if (edge % 3 !== 1) await send();
      const task = await next(planner);
      if (task === null) continue;
      taken.push((await harbor.ada.query(api.tasks.get, { room, taskId: task })).text);
      const held = await take(planner);
      if (edge % 5 === 0) await send();
      await Promise.all([handOff(planner, held, "user"), ...(edge % 4 === 0 ? [send()] : [])]);
    }
    expect([...taken, ...(await workOff(harbor, planner))]).toEqual(sent);
  },

  "a person's message does not wait behind a task that waits for its next try": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    await harbor.send("fails", "builder");
    const first = await startRemote(harbor, "builder");
    await take(first);
    await crash(harbor, first);
    const second = await startRemote(harbor, "builder");
    expect(await next(second)).toBeNull();
    const { taskId } = await harbor.send("please", "builder");
    expect(await next(second)).toBe(taskId);
    await handOff(second, await take(second), "user");
    await home.advance(5 * SECOND);
    const [failed] = await workOff(harbor, second);
    expect(failed).toBe("fails");
  },

  "a hundred waiting tasks outlive the death of their machine and of the backend": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    await startRemote(harbor, "builder");
    const sent: string[] = [];
    while (sent.length < 100) sent.push((await harbor.send("build", "builder")).taskId ?? "");
    await home.beAway(10 * 60 * SECOND);
    await home.advance(60 * SECOND);
    expect((await harbor.seat("builder")).agentStatus).toBe("dead");
    const again = await startRemote(harbor, "builder");
    expect(await next(again)).toBe(sent[0]);
    const { items } = await harbor.ada.query(api.tasks.list, { room, limit: 100 });
    expect(items.map(({ _id }) => _id).toSorted()).toEqual(sent.toSorted());
    expect(items.filter(({ status }) => status !== "pending")).toEqual([]);
  },

  "a role that was given up holds up nobody's queue but its own": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const { epoch } = await initiate(harbor, "builder");
    const event = { type: "restart_exhausted", reason: "gave up" } as const;
    const gone = { room, role: "builder", epoch, event };
    await harbor.mini.mutation(api.participants.updateAgentStatus, gone);
    const { taskId } = await harbor.send("build", "builder");
    await harbor.send("plan");
    await harbor.send("plan again");
    const planner = await sit(harbor, "planner");
    expect(await workOff(harbor, planner)).toEqual(["plan", "plan again"]);
    const waiting = await harbor.ada.query(api.tasks.get, { room, taskId });
    expect(waiting.status).toBe("pending");
  },

  "what was called off after it was offered is not taken": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    const { taskId } = await harbor.send("never mind");
    expect(await next(planner)).toBe(taskId);
    await harbor.ada.mutation(api.tasks.cancel, { room, taskId });
    expect(await refusalOf(claim(planner, taskId))).toBe("illegal_transition");
    expect(await next(planner)).toBeNull();
  },

  "an agent's own words wake nobody, not even itself": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await sit(harbor, "builder");
    await harbor.send("plan");
    const held = await take(planner);
    const said = { ...held, text: "@planner and @builder: half way", key: "said" };
    await planner.caller.mutation(api.messages.reportProgress, said);
    await handOff(planner, held, "user", "@planner and @builder: done");
    const { items } = await harbor.ada.query(api.tasks.list, { room });
    expect(items.map(({ status }) => status)).toEqual(["completed"]);
  },
};
