import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  DIFF,
  addRemote,
  beginTurn,
  crash,
  endTurn,
  handOff,
  initiate,
  newKey,
  openHarbor,
  record,
  refusalOf,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Harbor, Holder, RunningTurn } from "../cast.ts";
import type { Home, Scenarios } from "../home.ts";

const room = "harbor";
const SECOND = 1_000;
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `event ${from + index}`);

/** linus builds: the builder's process holds a task and its harness works on it. */
async function atWork(home: Home) {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  const builder = await startRemote(harbor, "builder");
  await harbor.send("build", "builder");
  const held = await take(builder);
  return { harbor, builder, held, turn: await beginTurn(builder, held) };
}

const eventsOf = async (harbor: Harbor, { turnId }: RunningTurn, page = {}) =>
  (await harbor.ada.query(api.turns.events, { room, turnId, ...page })).items;

const turnOf = async (harbor: Harbor, role = "builder") =>
  await harbor.ada.query(api.turns.latest, { room, role });

async function recordDiff({ caller, role, epoch }: Holder, taskId: string, diff = DIFF) {
  return await caller.mutation(api.tasks.recordDiff, { room, role, epoch, taskId, diff });
}

export const turns: Scenarios = {
  "a claim that begins its turn is one step, and asked again it is the same one": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const { caller, epoch, holderId } = await startRemote(harbor, "builder");
    const { taskId } = await harbor.send("build", "builder");
    const seat = { room, role: "builder" };
    const token = "0123456789abcdef".repeat(2);
    const claim = { ...seat, epoch, holderId, taskId, token, harness: "demo" };
    expect(await refusalOf(caller.mutation(api.tasks.claim, { ...claim, token: "1" }))).toBe(
      "invalid",
    );
    const first = await caller.mutation(api.tasks.claim, claim);

    expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "working" });
    const { status, attempt } = (await turnOf(harbor)) ?? {};
    expect({ status, attempt }).toEqual({ status: "running", attempt: 1 });

    const again = await caller.mutation(api.tasks.claim, claim);
    expect(again).toMatchObject({ token, turn: first.turn, task: { attempt: 1, resumed: false } });
    const { items } = await harbor.ada.query(api.turns.ofTask, { room, taskId });
    expect(items.map(({ _id }) => _id)).toEqual([first.turn?.turnId]);
    const stranger = { ...claim, token: "f".repeat(32) };
    expect(await refusalOf(caller.mutation(api.tasks.claim, stranger))).toBe("illegal_transition");
    await caller.mutation(api.tasks.complete, { ...seat, epoch, taskId, token, key: newKey() });
  },

  "the end of a turn takes its last events and its task's changes along": async (home) => {
    const { harbor, builder, held, turn } = await atWork(home);
    const { role, epoch, caller } = builder;
    await handOff(builder, held, "user");
    const events = [{ kind: "text" as const, body: "done" }];
    const end = { room, role, epoch, turnId: turn.turnId, stopReason: "end_turn" } as const;
    const late = { ...end, from: 3, events, diff: DIFF };
    expect(await refusalOf(caller.mutation(api.turns.end, late))).toBe("conflict");
    expect((await turnOf(harbor))?.status).toBe("running");

    const last = { ...end, from: 1, events, diff: DIFF };
    await caller.mutation(api.turns.end, last);
    await caller.mutation(api.turns.end, last);

    expect(await turnOf(harbor)).toMatchObject({ status: "ended", events: 1 });
    expect((await eventsOf(harbor, turn)).map((event) => "body" in event && event.body)).toEqual([
      "done",
    ]);
    const about = { room, taskId: held.taskId };
    expect(await harbor.ada.query(api.tasks.diff, about)).toEqual(DIFF);
    expect((await harbor.seat("builder")).agentStatus).toBe("ready");
  },

  "a daemon sees who is down as they are, and of who is up only that they live": async (home) => {
    const harbor = await openHarbor(home);
    const seen = async () => {
      const { items } = await harbor.mini.query(api.agents.forMachine, {});
      return items.map(({ agentStatus, epoch }) => [agentStatus, epoch]);
    };
    await addRemote(harbor, "builder");
    expect(await seen()).toEqual([["offline", 0]]);
    await initiate(harbor, "builder");
    expect(await seen()).toEqual([["restarting", 1]]);
    const builder = await startRemote(harbor, "builder");
    expect(await seen()).toEqual([["live", builder.epoch]]);
    await harbor.send("build", "builder");
    await take(builder);
    expect(await seen()).toEqual([["live", builder.epoch]]);
    await crash(harbor, builder);
    expect(await seen()).toEqual([["dead", builder.epoch]]);
    const { epoch } = builder;
    const event = { type: "restart_exhausted", reason: "gave up" } as const;
    await harbor.mini.mutation(api.participants.updateAgentStatus, {
      room,
      role: "builder",
      epoch,
      event,
    });
    expect(await seen()).toEqual([["dead_failed_revive", epoch]]);
    const { epoch: own } = await sit(harbor, "builder", "somebody else");
    expect(await seen()).toEqual([["live", own]]);
  },

  "what a harness does is seen in its order, with what it has used up": async (home) => {
    const { harbor, builder, held, turn } = await atWork(home);
    const { role, epoch, caller } = builder;
    const seat = { room, role, epoch };
    const tool = { id: "1", title: "make all", status: "running" } as const;
    await caller.mutation(api.turns.record, {
      ...seat,
      turnId: turn.turnId,
      from: 1,
      events: [
        { kind: "plan", body: { entries: [{ text: "build", status: "in_progress" }] } },
        { kind: "tool", body: tool },
      ],
      activity: "make all",
      usage: { inputTokens: 10 },
    });
    const now = (await harbor.seat("builder")).activity;
    expect(now?.text).toBe("make all");
    await home.advance(5 * SECOND);
    const usage = { inputTokens: 12, outputTokens: 3, cost: { amount: 0.5, currency: "USD" } };
    await caller.mutation(api.turns.record, {
      ...seat,
      turnId: turn.turnId,
      from: 3,
      events: [{ kind: "tool", body: { ...tool, status: "done", output: "ok" } }],
      activity: "make all",
      usage,
    });
    expect((await harbor.seat("builder")).activity).toEqual(now);
    const seen = await eventsOf(harbor, turn);
    expect(seen.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, "plan"],
      [2, "tool"],
      [3, "tool"],
    ]);
    expect(await eventsOf(harbor, turn, { after: 2 })).toMatchObject([{ body: { output: "ok" } }]);
    await endTurn(turn);
    const { items } = await harbor.ada.query(api.turns.ofTask, { room, taskId: held.taskId });
    const ended = { status: "ended", stopReason: "end_turn", usage, events: 3, dropped: 0 };
    expect(items).toMatchObject([{ attempt: 1, harness: "demo", ...ended }]);
    expect((await harbor.seat("builder")).activity).toBeNull();
  },

  "a batch that comes again adds nothing, one after a gap is refused": async (home) => {
    const { harbor, turn } = await atWork(home);
    await record(turn, 1, ["one", "two"]);
    await record(turn, 1, ["one", "two"]);
    await record(turn, 2, ["two", "three"]);
    expect(await refusalOf(record(turn, 5, ["five"]))).toBe("conflict");
    expect((await eventsOf(harbor, turn)).map(({ body }) => body)).toEqual(["one", "two", "three"]);
    await endTurn(turn);
    await record(turn, 4, ["after the end"]);
    expect(await turnOf(harbor)).toMatchObject({ events: 3, status: "ended" });
  },

  "a turn keeps its last 500 events and counts the others": async (home) => {
    const { harbor, turn } = await atWork(home);
    for (let from = 1; from <= 601; from += 100)
      await record(turn, from, numbered(from, from + 99));
    expect(await turnOf(harbor)).toMatchObject({ events: 700, dropped: 200 });
    const kept = await eventsOf(harbor, turn, { limit: 10_000 });
    expect(kept).toHaveLength(500);
    expect([kept[0]?.seq, kept.at(-1)?.seq]).toEqual([201, 700]);
    expect(await eventsOf(harbor, turn, { after: 0, limit: 1 })).toMatchObject([{ seq: 201 }]);
  },

  "a flood, a giant event and a usage that is no number are refused whole": async (home) => {
    const { harbor, builder, turn } = await atWork(home);
    expect(await refusalOf(record(turn, 1, numbered(1, 101)))).toBe("too_large");
    expect(await refusalOf(record(turn, 1, ["fine", "x".repeat(4097)]))).toBe("too_large");
    const { role, epoch, caller } = builder;
    const batch = { room, role, epoch, turnId: turn.turnId, from: 1, events: [] };
    const usage = { inputTokens: -1 };
    expect(await refusalOf(caller.mutation(api.turns.record, { ...batch, usage }))).toBe("invalid");
    expect(await eventsOf(harbor, turn)).toEqual([]);
  },

  "a turn whose agent dies is lost, and the next attempt has a turn of its own": async (home) => {
    const { harbor, builder, held, turn } = await atWork(home);
    await record(turn, 1, ["one"]);
    await crash(harbor, builder);
    expect(await turnOf(harbor)).toMatchObject({ status: "ended", stopReason: "lost", events: 1 });
    await home.advance(2 * SECOND);
    const second = await startRemote(harbor, "builder");
    await beginTurn(second, await take(second));
    const { items } = await harbor.ada.query(api.turns.ofTask, { room, taskId: held.taskId });
    expect(items).toMatchObject([
      { attempt: 1, stopReason: "lost" },
      { attempt: 2, status: "running" },
    ]);
    const stolen = { ...turn, holder: second };
    await record(stolen, 2, ["of another epoch"]);
    expect(await eventsOf(harbor, turn)).toHaveLength(1);
  },

  "a turn that was taken for lost goes on when its agent is back": async (home) => {
    const { harbor, builder, held, turn } = await atWork(home);
    await home.advance(31 * SECOND);
    expect(await turnOf(harbor)).toMatchObject({ status: "ended", stopReason: "lost" });
    const { caller, role, epoch, holderId } = builder;
    await caller.mutation(api.participants.join, { room, role, epoch, holderId });
    await caller.mutation(api.tasks.resume, held);
    await record(turn, 1, ["still here"]);
    expect(await turnOf(harbor)).toMatchObject({ status: "running", stopReason: null, events: 1 });
  },

  "a turn begins once per request, and only on a task that the caller holds": async (home) => {
    const { harbor, builder, held } = await atWork(home);
    const planner = await sit(harbor, "planner");
    const key = newKey();
    const begin = async (holder: Holder, fence = held) =>
      await holder.caller.mutation(api.turns.begin, { ...fence, harness: "demo", key });
    const first = await begin(builder);
    expect(await begin(builder)).toEqual(first);
    const another = { ...held, harness: "demo", token: "0", key: newKey() };
    expect(await refusalOf(builder.caller.mutation(api.turns.begin, another))).toBe("stale_claim");
    expect(await refusalOf(begin(planner, { ...held, role: "planner" }))).not.toBe("accepted");
    const foreign = { holder: planner, held, turnId: first.turnId };
    expect(await refusalOf(record(foreign, 1, ["mine"]))).toBe("not_found");
    expect(await refusalOf(endTurn(foreign))).toBe("not_found");
  },

  "a diff is kept for the epoch that did the task, also after its handoff": async (home) => {
    const { harbor, builder, held } = await atWork(home);
    const read = async () => await harbor.ada.query(api.tasks.diff, { room, taskId: held.taskId });
    expect(await read()).toBeNull();
    await handOff(builder, held, "user", "built");
    await recordDiff(builder, held.taskId);
    expect(await read()).toEqual(DIFF);
    await recordDiff(builder, held.taskId, { ...DIFF, head: "c3" });
    expect(await read()).toMatchObject({ base: "a1", head: "c3" });
    await crash(harbor, builder);
    await startRemote(harbor, "builder");
    expect(await refusalOf(recordDiff(builder, held.taskId))).toBe("superseded");
    const second = await sit(harbor, "builder", "ada's terminal");
    expect(await refusalOf(recordDiff(second, held.taskId))).toBe("stale_claim");
    expect(await read()).toMatchObject({ head: "c3" });
  },

  "of a diff that is too large the counts and what fits are kept": async (home) => {
    const { harbor, builder, held } = await atWork(home);
    const totals = { ...DIFF.totals, files: 2, added: 90_001 };
    const of = (bytes: number) => {
      const dump = { path: "dump.sql", added: 90_000, removed: 0, patch: "x".repeat(bytes) };
      return { ...DIFF, files: [dump, ...DIFF.files], totals };
    };
    await recordDiff(builder, held.taskId, of(12_000_000));
    // A home may refuse a request of this size before anybody reads it.
    await refusalOf(recordDiff(builder, held.taskId, of(50_000_000)));
    const kept = await harbor.ada.query(api.tasks.diff, { room, taskId: held.taskId });
    expect(kept).toMatchObject({ truncated: true, totals, files: [{ added: 90_000 }, {}] });
    expect(JSON.stringify(kept).length).toBeLessThan(2_000);
  },
};
