import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  ask,
  beat,
  beginTurn,
  claim,
  endTurn,
  newKey,
  next,
  openHarbor,
  refusalOf,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Claim, Harbor, Holder } from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";
const SECOND = 1_000;

const cancel = async ({ ada }: Harbor, taskId: string) =>
  await ada.mutation(api.tasks.cancel, { room, taskId });

const statusOf = async ({ caller, role, epoch }: Holder, { taskId }: Claim) =>
  (await caller.query(api.tasks.held, { room, role, epoch, taskId })).status;

const complete = async ({ caller }: Holder, held: Claim) =>
  await caller.mutation(api.tasks.complete, { ...held, key: newKey() });

async function remoteAtWork(harbor: Harbor) {
  await addRemote(harbor, "builder");
  const builder = await startRemote(harbor, "builder");
  await harbor.send("build", "builder");
  const held = await take(builder);
  return { builder, held, turn: await beginTurn(builder, held) };
}

export const cancelling: Scenarios = {
  "a cancelled task keeps its holder working until the turn has ended": async (home) => {
    const harbor = await openHarbor(home);
    const { builder, held, turn } = await remoteAtWork(harbor);
    const { approvalId } = await ask(turn);
    expect(await statusOf(builder, held)).toBe("in_progress");
    expect(await cancel(harbor, held.taskId)).toEqual({ status: "cancelled" });
    expect(await statusOf(builder, held)).toBe("cancelled");
    const { role, caller } = builder;
    const asked = await caller.query(api.approvals.get, { room, role, approvalId });
    expect(asked.status).toBe("void");
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "working",
      cancelling: true,
      needsYou: false,
    });
    expect(await refusalOf(complete(builder, held))).toBe("stale_claim");
    const { taskId } = await harbor.send("something else", "builder");
    await endTurn(turn);
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "ready",
      cancelling: false,
      currentTaskId: null,
    });
    expect(await next(builder)).toBe(taskId);
    const task = await harbor.ada.query(api.tasks.get, { room, taskId: held.taskId });
    expect(task).toMatchObject({ status: "cancelled", reason: "cancelled by ada" });
    expect(await refusalOf(cancel(harbor, held.taskId))).toBe("illegal_transition");
  },

  "a turn that does not end is ended by its machine": async (home) => {
    const harbor = await openHarbor(home);
    const { builder, held } = await remoteAtWork(harbor);
    await cancel(harbor, held.taskId);
    for (let beats = 0; beats < 3; beats += 1) {
      expect((await harbor.mini.query(api.commands.forMachine, {})).items).toEqual([]);
      expect(await beat(builder)).toBe("ok");
      await home.advance(9.9 * SECOND);
    }
    await home.advance(SECOND);
    const { items } = await harbor.mini.query(api.commands.forMachine, {});
    expect(items).toMatchObject([{ kind: "kill-agent", role: "builder" }]);
    await home.advance(31 * SECOND);
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "dead",
      currentTaskId: null,
    });
    expect((await harbor.ada.query(api.tasks.list, { room })).items).toMatchObject([
      { status: "cancelled" },
    ]);
  },

  "an agent that talks on after its handoff works until its turn has ended": async (home) => {
    const harbor = await openHarbor(home);
    const { builder, held, turn } = await remoteAtWork(harbor);
    await complete(builder, held);
    const talking = { agentStatus: "working", activity: { text: "finishing its turn" } };
    expect(await harbor.seat("builder")).toMatchObject(talking);
    const { turnId } = turn;
    const { caller, role, epoch } = builder;
    const batch = { room, role, epoch, turnId, from: 1, events: [], activity: "answering" };
    await caller.mutation(api.turns.record, batch);
    expect(await harbor.seat("builder")).toMatchObject(talking);
    await endTurn(turn);
    expect(await harbor.seat("builder")).toMatchObject({
      agentStatus: "ready",
      activity: null,
      currentTaskId: null,
    });
  },

  "a holder that sits down again while it talks on after its handoff is not ready before its turn has ended":
    async (home) => {
      const harbor = await openHarbor(home);
      const { builder, held, turn } = await remoteAtWork(harbor);
      await complete(builder, held);
      const { caller, role, epoch, holderId } = builder;
      const join = { room, role, holderId, epoch };
      const talking = { agentStatus: "working", activity: { text: "finishing its turn" } };

      await caller.mutation(api.participants.join, join);
      expect(await harbor.seat("builder")).toMatchObject(talking);

      await home.advance(31 * SECOND);
      expect((await harbor.seat("builder")).agentStatus).toBe("dead");
      await caller.mutation(api.participants.join, join);
      expect(await harbor.seat("builder")).toMatchObject(talking);

      await endTurn(turn);
      expect(await harbor.seat("builder")).toMatchObject({
        agentStatus: "ready",
        activity: null,
        currentTaskId: null,
      });
      await caller.mutation(api.participants.join, join);
      expect((await harbor.seat("builder")).agentStatus).toBe("ready");
    },

  "a turn that does not end after its handoff is ended by its machine": async (home) => {
    const harbor = await openHarbor(home);
    const { builder, held } = await remoteAtWork(harbor);
    await complete(builder, held);
    for (let beats = 0; beats < 5; beats += 1) {
      expect((await harbor.mini.query(api.commands.forMachine, {})).items).toEqual([]);
      expect(await beat(builder)).toBe("ok");
      await home.advance(9 * SECOND);
    }
    await home.advance(SECOND);
    const { items } = await harbor.mini.query(api.commands.forMachine, {});
    expect(items).toMatchObject([{ kind: "kill-agent", role: "builder" }]);
  },

  "a person's own agent that holds a cancelled task goes on with the next one": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await harbor.send("plan");
    const held = await take(planner);
    const { taskId } = await harbor.send("plan something else");
    await cancel(harbor, held.taskId);
    const second = await claim(planner, taskId);
    expect(await harbor.seat("planner")).toMatchObject({
      currentTaskId: taskId,
      cancelling: false,
    });
    await planner.caller.mutation(api.tasks.start, second.claim);
    await cancel(harbor, taskId);
    const { caller, role, epoch, holderId } = planner;
    const again = { room, role, epoch, holderId };
    expect(await caller.mutation(api.participants.join, again)).toMatchObject({
      agentStatus: "ready",
      held: null,
    });
  },

  "what waits, or was claimed and not begun, is cancelled at once": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    const waiting = await harbor.send("wait", "builder");
    await cancel(harbor, waiting.taskId);
    await harbor.send("plan");
    const claimed = await claim(planner);
    await cancel(harbor, claimed.task.id);
    expect(await harbor.seat("planner")).toMatchObject({
      agentStatus: "ready",
      currentTaskId: null,
    });
    const start = planner.caller.mutation(api.tasks.start, claimed.claim);
    expect(await refusalOf(start)).toBe("stale_claim");
  },

  "only the epoch that claimed a task may watch how it stands": async (home) => {
    const harbor = await openHarbor(home);
    const first = await sit(harbor, "planner");
    await harbor.send("plan");
    const held = await take(first);
    const second = await sit(harbor, "planner", "another process");
    expect(await refusalOf(statusOf(first, held))).toBe("superseded");
    expect(await refusalOf(statusOf(second, held))).toBe("stale_claim");
  },
};
