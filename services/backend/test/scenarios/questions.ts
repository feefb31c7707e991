import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  ask as askLeave,
  beginTurn,
  claim,
  crash,
  endTurn,
  handOff,
  newKey,
  openHarbor,
  refusalOf,
  refused,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Claim, Harbor, Holder } from "../cast.ts";
import type { Home, Scenarios } from "../home.ts";

const room = "harbor";
const MINUTE = 60_000;

type Question = {
  readonly text?: string;
  readonly choices?: string[];
  readonly timeoutMs?: number;
  readonly key?: string;
};

/** The agent asks the people of harbor about its task. */
async function ask({ caller }: Holder, held: Claim, question: Question = {}) {
  const asked = { text: "Which port?", key: newKey(), ...question };
  return await caller.mutation(api.questions.ask, { ...held, ...asked });
}

/** linus builds, as a process of mini, and asks. */
async function asking(home: Home, question: Question = {}) {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  const builder = await startRemote(harbor, "builder");
  await harbor.send("build", "builder");
  const held = await take(builder);
  const { approvalId } = await ask(builder, held, question);
  return { harbor, builder, held, approvalId };
}

const stands = async ({ caller, role }: Holder, approvalId: string) =>
  await caller.query(api.approvals.get, { room, role, approvalId });
const asked = async ({ ada }: Harbor) => (await ada.query(api.approvals.list, { room })).items;
const answer = async ({ ada }: Harbor, approvalId: string, words: string) =>
  await ada.mutation(api.approvals.answer, { approvalId, answer: words });

export const questions: Scenarios = {
  "a question needs a person, and whoever asked reads their words": async (home) => {
    const text = "Which port?\n\n8080 is taken.";
    const { harbor, builder, approvalId } = await asking(home, { text });
    expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "working", needsYou: true });
    expect(await asked(harbor)).toMatchObject([
      {
        kind: "question",
        title: "Which port?",
        detail: "8080 is taken.",
        turnId: null,
        choices: [],
      },
    ]);
    expect(await answer(harbor, approvalId, " 9090\n")).toEqual({ status: "answered" });
    const answered = { status: "answered", answer: "9090", answeredBy: "ada" };
    expect(await stands(builder, approvalId)).toEqual({ ...answered, optionId: null });
    expect((await harbor.seat("builder")).needsYou).toBe(false);
    expect(await asked(harbor)).toMatchObject([{ ...answered, deadline: null }]);
  },

  "a question is answered once, and who comes later hears who said what": async (home) => {
    const { harbor, approvalId } = await asking(home);
    await answer(harbor, approvalId, "9090");
    expect(await answer(harbor, approvalId, "9090")).toEqual({ status: "answered" });
    expect(await refused(answer(harbor, approvalId, "8080"))).toEqual({
      kind: "conflict",
      message: "ada has answered this already: 9090.",
    });
  },

  "choices are the only answers, an empty one is none, and a book is too long": async (home) => {
    const { harbor, builder, held, approvalId } = await asking(home, { choices: [" 80 ", "81"] });
    expect(await refused(answer(harbor, approvalId, "82"))).toEqual({
      kind: "invalid",
      message: "The answer is one of: 80, 81.",
    });
    expect(await answer(harbor, approvalId, "80")).toEqual({ status: "answered" });
    const open = (await ask(builder, held, { text: "Who?" })).approvalId;
    expect(await refusalOf(answer(harbor, open, " "))).toBe("invalid");
    expect(await refusalOf(answer(harbor, open, "x".repeat(16 * 1024 + 1)))).toBe("too_large");
    expect((await stands(builder, open)).status).toBe("open");
  },

  "what asks for nothing, offers one choice or waits for days is refused": async (home) => {
    const { harbor, builder, held } = await asking(home);
    const odd: [Question, string][] = [
      [{ text: " " }, "invalid"],
      [{ text: "\u0007" }, "invalid"],
      [{ text: "x".repeat(4 * 1024 + 1) }, "too_large"],
      [{ choices: ["yes"] }, "invalid"],
      [{ choices: ["yes", "yes "] }, "invalid"],
      [{ timeoutMs: 0 }, "invalid"],
      [{ timeoutMs: Number.NaN }, "invalid"],
      [{ timeoutMs: 25 * 60 * MINUTE }, "invalid"],
    ];
    for (const [question, kind] of odd)
      expect(await refusalOf(ask(builder, held, { text: "Else?", ...question }))).toBe(kind);
    expect(await asked(harbor)).toHaveLength(1);
  },

  "the same question is asked once while it is open, whatever was lost on the way": async (
    home,
  ) => {
    const { harbor, builder, held, approvalId } = await asking(home, { key: "first" });
    expect((await ask(builder, held, { key: "first" })).approvalId).toBe(approvalId);
    expect((await ask(builder, held)).approvalId).toBe(approvalId);
    expect((await ask(builder, held, { choices: ["80", "81"] })).approvalId).not.toBe(approvalId);
    await answer(harbor, approvalId, "9090");
    expect((await ask(builder, held, { key: "first" })).approvalId).toBe(approvalId);
    expect((await ask(builder, held)).approvalId).not.toBe(approvalId);
  },

  "a question that nobody answers expires at the time that its agent gave": async (home) => {
    const { harbor, builder, held, approvalId } = await asking(home, { timeoutMs: MINUTE / 6 });
    await home.advance(MINUTE / 6 - 1);
    expect((await stands(builder, approvalId)).status).toBe("open");
    await home.advance(1_000);
    expect(await stands(builder, approvalId)).toMatchObject({ status: "expired", answer: null });
    expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "working", needsYou: false });
    expect(await refused(answer(harbor, approvalId, "9090"))).toEqual({
      kind: "conflict",
      message: "Nobody answered in time.",
    });
    await ask(builder, held);
    const [{ deadline, askedAt } = { deadline: 0, askedAt: 0 }] = await asked(harbor);
    expect((deadline ?? 0) - askedAt).toBe(10 * MINUTE);
  },

  "the end of a turn leaves a question open; the end of its task does not": async (home) => {
    const { harbor, builder, held, approvalId } = await asking(home);
    await endTurn(await beginTurn(builder, held));
    expect((await stands(builder, approvalId)).status).toBe("open");
    await handOff(builder, held, "user", "built");
    expect(await stands(builder, approvalId)).toMatchObject({ status: "void", answer: null });
    expect(await refusalOf(answer(harbor, approvalId, "9090"))).toBe("conflict");
    expect(await refusalOf(ask(builder, held))).toBe("stale_claim");
  },

  "a cancelled task and an epoch that ends close what was asked, everywhere": async (home) => {
    const { harbor, builder, held, approvalId } = await asking(home);
    await harbor.ada.mutation(api.tasks.cancel, { room, taskId: held.taskId });
    expect((await stands(builder, approvalId)).status).toBe("void");
    await askAndCrash(harbor, builder);
    expect(await asked(harbor)).toMatchObject([{ status: "void" }, { status: "void" }]);
    expect((await harbor.seat("builder")).needsYou).toBe(false);
  },

  "whoever waits in a parked seat is heard by its waiting, and missed without": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    await harbor.send("plan");
    const held = await take(planner);
    const { caller, role, epoch, holderId } = planner;
    await caller.mutation(api.participants.park, { room, role, epoch, holderId });
    const { approvalId } = await ask(planner, held, { timeoutMs: 120 * MINUTE });
    const wait = { room, role, epoch, approvalId };
    for (let times = 0; times < 3; times += 1) {
      await home.advance(14 * MINUTE);
      expect(await caller.mutation(api.questions.resume, wait)).toEqual({
        status: "open",
        againMs: 5 * MINUTE,
      });
    }
    await home.advance(16 * MINUTE);
    expect((await harbor.seat("planner")).agentStatus).toBe("dead");
    expect((await caller.mutation(api.questions.resume, wait)).status).toBe("void");
  },

  "whoever takes a task up again is told what people have answered about it": async (home) => {
    const { harbor, builder, held, approvalId } = await asking(home);
    await answer(harbor, approvalId, "9090");
    const turn = await beginTurn(builder, held);
    for (let request = 0; request < 12; request += 1) {
      await answer(harbor, (await askLeave(turn, String(request))).approvalId, "yes");
    }
    await crash(harbor, builder);
    await home.advance(10_000);
    const next = await startRemote(harbor, "builder");
    const again = await claim(next);
    expect(again.task.text).toMatch(/ ([0-9a-f]{16}):\n--- \1\nWhich port\?\nada: 9090\n--- \1\n/);
    await handOff(next, again.claim, "user", "built");
    await harbor.send("build another", "builder");
    const other = await claim(next);
    expect(other.task.text).not.toContain("9090");
  },

  "who has no task, or not the seat, asks nothing and waits for nothing": async (home) => {
    const { harbor, builder, held, approvalId } = await asking(home);
    const planner = await sit(harbor, "planner");
    const mine = { ...held, role: "planner", epoch: planner.epoch };
    expect(await refusalOf(ask(planner, mine))).toBe("not_found");
    expect(await refusalOf(ask(planner, { ...mine, epoch: 7 }))).toBe("superseded");
    const { caller, role, epoch } = planner;
    const wait = caller.mutation(api.questions.resume, { room, role, epoch, approvalId });
    expect(await refusalOf(wait)).toBe("not_found");
    await crash(harbor, builder);
    expect(await refusalOf(ask(builder, held))).toBe("rejoin_required");
  },
};

/** The next process in the seat asks about its own task, and crashes. */
async function askAndCrash(harbor: Harbor, builder: Holder): Promise<void> {
  await crash(harbor, builder);
  const again = await startRemote(harbor, "builder");
  await harbor.send("build another", "builder");
  const { claim: held } = await claim(again);
  const { approvalId } = await ask(again, held);
  expect((await harbor.seat("builder")).needsYou).toBe(true);
  await crash(harbor, again);
  expect(await refusalOf(answer(harbor, approvalId, "9090"))).toBe("conflict");
}
