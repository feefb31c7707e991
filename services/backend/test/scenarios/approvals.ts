import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  ask,
  beat,
  beginTurn,
  crash,
  endTurn,
  handOff,
  openHarbor,
  refusalOf,
  refused,
  signIn,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Harbor, Holder } from "../cast.ts";
import type { Home, Scenarios } from "../home.ts";

const room = "harbor";
const SECOND = 1_000;

/** linus builds and asks whether he may run make. */
async function asking(home: Home) {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  const builder = await startRemote(harbor, "builder");
  await harbor.send("build", "builder");
  const held = await take(builder);
  const turn = await beginTurn(builder, held);
  const { approvalId } = await ask(turn);
  return { harbor, builder, held, turn, approvalId };
}

const stands = async ({ caller, role }: Holder, approvalId: string) =>
  await caller.query(api.approvals.get, { room, role, approvalId });

const inbox = async ({ ada }: Harbor, of = {}) => (await ada.query(api.approvals.list, of)).items;

const needsYou = async (harbor: Harbor) => (await harbor.seat("builder")).needsYou;

export const approvals: Scenarios = {
  "a question is seen, needs a person, and its turn reads the answer": async (home) => {
    const { harbor, builder, held, turn, approvalId } = await asking(home);
    expect(await needsYou(harbor)).toBe(true);
    expect(await inbox(harbor, { room })).toMatchObject([
      { _id: approvalId, role: "builder", title: "Run make?", status: "open", taskId: held.taskId },
    ]);
    expect(await stands(builder, approvalId)).toMatchObject({ status: "open", optionId: null });
    await harbor.ada.mutation(api.approvals.answer, { approvalId, answer: "yes" });
    expect(await stands(builder, approvalId)).toMatchObject({
      status: "answered",
      optionId: "yes",
    });
    expect(await needsYou(harbor)).toBe(false);
    expect(await inbox(harbor)).toMatchObject([
      { status: "answered", optionId: "yes", answeredBy: "ada", deadline: null, roomName: room },
    ]);
    expect((await ask(turn)).approvalId).toBe(approvalId);
    expect(await inbox(harbor)).toHaveLength(1);
  },

  "the first answer wins, and a later one hears who gave it": async (home) => {
    const { harbor, builder, approvalId } = await asking(home);
    const { code } = await harbor.ada.mutation(api.auth.createCode, {});
    const { secret } = await home.nobody.action(api.auth.redeemCode, { code, label: "phone" });
    const phone = await signIn(home, secret);
    await phone.mutation(api.approvals.answer, { approvalId, answer: "no" });
    const late = harbor.ada.mutation(api.approvals.answer, { approvalId, answer: "yes" });
    expect(await refused(late)).toEqual({
      kind: "conflict",
      message: "ada has answered this already: Reject.",
    });
    const again = { approvalId, answer: "no" };
    expect(await harbor.ada.mutation(api.approvals.answer, again)).toEqual({ status: "answered" });
    expect(await stands(builder, approvalId)).toMatchObject({
      status: "answered",
      optionId: "no",
    });
  },

  "an option that there is not answers nothing": async (home) => {
    const { harbor, builder, approvalId } = await asking(home);
    const odd = harbor.ada.mutation(api.approvals.answer, { approvalId, answer: "always" });
    expect(await refusalOf(odd)).toBe("invalid");
    expect((await stands(builder, approvalId)).status).toBe("open");
  },

  "nobody's answer in time is a no, while the agent's lease goes on": async (home) => {
    const { harbor, builder, approvalId } = await asking(home);
    for (let beats = 0; beats < 59; beats += 1) {
      await home.advance(10 * SECOND);
      expect(await beat(builder)).toBe("ok");
    }
    expect((await stands(builder, approvalId)).status).toBe("open");
    await home.advance(11 * SECOND);
    expect(await stands(builder, approvalId)).toMatchObject({ status: "denied", optionId: null });
    expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "working", needsYou: false });
    const late = harbor.ada.mutation(api.approvals.answer, { approvalId, answer: "yes" });
    expect(await refused(late)).toEqual({
      kind: "conflict",
      message: "Nobody answered in time, which is a no.",
    });
  },

  "when the asker's epoch ends its questions close everywhere, and no answer counts": async (
    home,
  ) => {
    const { harbor, builder, approvalId } = await asking(home);
    await crash(harbor, builder);
    expect(await needsYou(harbor)).toBe(false);
    expect(await inbox(harbor)).toMatchObject([{ status: "void", deadline: null }]);
    const late = harbor.ada.mutation(api.approvals.answer, { approvalId, answer: "yes" });
    expect(await refused(late)).toEqual({
      kind: "conflict",
      message: "This is not asked any more: its turn is over.",
    });
    const second = await startRemote(harbor, "builder");
    expect(await stands(second, approvalId)).toMatchObject({ status: "void", optionId: null });
  },

  "a handoff, the turn's end and a withdrawal close what was asked": async (home) => {
    const { harbor, builder, turn, held, approvalId } = await asking(home);
    const second = (await ask(turn, "2")).approvalId;
    const { role, epoch, caller } = builder;
    const seat = { room, role, epoch };
    expect(await caller.mutation(api.approvals.withdraw, { ...seat, approvalId })).toEqual({
      status: "void",
    });
    expect(await needsYou(harbor)).toBe(true);
    await endTurn(turn);
    expect((await stands(builder, second)).status).toBe("void");
    expect(await refusalOf(ask(turn, "3"))).toBe("illegal_transition");
    const next = await beginTurn(builder, held);
    const third = (await ask(next, "1")).approvalId;
    expect(await needsYou(harbor)).toBe(true);
    await handOff(builder, held, "user", "built");
    expect((await stands(builder, third)).status).toBe("void");
    expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "working", needsYou: false });
    expect(await refusalOf(ask(next, "2"))).toBe("stale_claim");
  },

  "an agent neither answers questions nor reads those of another role": async (home) => {
    const { harbor, builder, approvalId } = await asking(home);
    const planner = await sit(harbor, "planner");
    const answer = { approvalId, answer: "yes" };
    for (const { caller } of [builder, planner]) {
      expect(await refusalOf(caller.mutation(api.approvals.answer, answer))).toBe("not_allowed");
      expect(await refusalOf(caller.query(api.approvals.list, { room }))).toBe("not_allowed");
    }
    expect(await refusalOf(stands(planner, approvalId))).toBe("not_found");
    const { role, epoch, caller } = planner;
    const withdraw = caller.mutation(api.approvals.withdraw, { room, role, epoch, approvalId });
    expect(await refusalOf(withdraw)).toBe("not_found");
    expect((await stands(builder, approvalId)).status).toBe("open");
  },

  "a flood of questions ends at a limit, and a question without a choice is none": async (home) => {
    const { harbor, builder, turn, held } = await asking(home);
    for (let count = 2; count <= 32; count += 1) await ask(turn, `${count}`);
    expect(await refusalOf(ask(turn, "33"))).toBe("limit");
    const question = { turnId: turn.turnId, requestId: "34", title: "?", detail: "", options: [] };
    const empty = builder.caller.mutation(api.approvals.ask, { ...held, ...question });
    expect(await refusalOf(empty)).toBe("invalid");
    expect(await inbox(harbor, { room })).toHaveLength(32);
  },
};
