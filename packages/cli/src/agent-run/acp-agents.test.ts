import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { api } from "../backend/api.ts";
import { World } from "../daemon/world.fixture.ts";
import type { Room } from "../daemon/world.fixture.ts";
import { identityOf } from "../process-identity.ts";

const PATIENTLY = { interval: 20, timeout: 10_000 };
let world: World;

beforeAll(async () => {
  // Nothing here is about leases, and fifteen agents begin at once.
  world = await World.begin("patient");
  await world.startDaemon();
});

afterAll(async () => await world.end());

/** A room in which linus, driven by the Agent Client Protocol, waits for work. */
async function harbor(harness = "scripted"): Promise<Room> {
  return await world.room({ linus: harness });
}

async function approval(room: Room) {
  return await room.first(
    api.approvals.list,
    { room: room.name },
    ({ items }) => items.find(({ status }) => status === "open") ?? null,
  );
}

/** The turns of a task, once they have all ended. */
async function turnsOf(room: Room, taskId: string) {
  return await room.first(api.turns.ofTask, { room: room.name, taskId }, ({ items }) =>
    items.length > 0 && items.every(({ status }) => status === "ended") ? items : null,
  );
}

async function eventsOf(room: Room, turnId: string): Promise<string> {
  const { items } = await world.person.query(api.turns.events, { room: room.name, turnId });
  return JSON.stringify(items);
}

test.concurrent("what an agent does is told while it works, and its handoff ends the task", async () => {
  const room = await harbor();

  const work = "until [ -e seen ]; do sleep 0.02; done; rm seen; echo knots > net.txt";
  const taskId = await room.send(`shell ${work}; muster handoff --to user mended`);
  await room.first(
    api.rooms.getTeamReadiness,
    { room: room.name },
    ({ items }) =>
      items.find(({ activity }) => activity?.text.startsWith("until [") === true) ?? null,
  );
  await writeFile(join(room.workingDir, "seen"), "");
  await room.message(({ text, target }) => text === "mended" && target === "user");
  await room.until("linus", "ready");

  const [turn, ...more] = await turnsOf(room, taskId);
  expect(more).toEqual([]);
  expect(turn).toMatchObject({
    harness: "scripted",
    stopReason: "end_turn",
    usage: { inputTokens: 12, outputTokens: 3 },
  });
  expect(await eventsOf(room, turn?._id ?? "")).toMatch(
    /I shall run that.*"status":"done".*I ran it/,
  );
  const diff = await room.first(api.tasks.diff, { room: room.name, taskId }, (known) => known);
  expect(diff.files).toEqual([
    { path: "net.txt", added: 1, removed: 0, patch: "@@ -0,0 +1 @@\n+knots\n" },
  ]);
});

test.concurrent("a turn without a handoff is corrected once, and then its answer goes to whoever asked", async () => {
  const room = await harbor();

  const taskId = await room.send("say The net is mended.");
  const answer = await room.message(({ target }) => target === "user");

  expect(answer.text).toBe("The net is mended.");
  expect(await turnsOf(room, taskId)).toHaveLength(2);
});

test.concurrent("a schedule is answered by the words that a turn ends with, and nobody is reminded", async () => {
  const room = await harbor();
  await room.until("linus", "ready");

  await room.schedule("linus", "say HEARTBEAT_OK");
  const { outcome, taskId } = await room.tickThat("ended");

  expect(outcome).toBe("ok");
  expect(await turnsOf(room, taskId ?? "")).toHaveLength(1);
  await expect(room.timesSaid("HEARTBEAT_OK")).resolves.toBe(0);
});

test.concurrent("a schedule whose turn ends without a word is reminded once", async () => {
  const room = await harbor();
  await room.until("linus", "ready");

  await room.schedule("linus", "plan look at the tide");
  const { outcome, taskId } = await room.tickThat("ended");

  expect(outcome).toBe("alert");
  expect(await turnsOf(room, taskId ?? "")).toHaveLength(2);
});

test.concurrent("a permission is asked in the room, the agent needs you meanwhile, and a yes is obeyed", async () => {
  const room = await harbor();
  await room.send("ask touch asked.txt");

  const question = await approval(room);
  const asking = await room.seat("linus");
  await world.person.mutate(api.approvals.answer, { approvalId: question._id, answer: "yes" });
  await room.message(({ target }) => target === "user");

  expect(question).toMatchObject({ title: "touch asked.txt", detail: "touch asked.txt" });
  expect(asking).toMatchObject({ agentStatus: "working", needsYou: true });
  await access(join(room.workingDir, "asked.txt"));
  expect((await room.seat("linus")).needsYou).toBe(false);
});

test.concurrent("a permission that is refused, or that nobody answers, is not used", async () => {
  const room = await harbor();
  await room.send("ask touch refused.txt");
  const { _id: approvalId } = await approval(room);
  await world.person.mutate(api.approvals.answer, { approvalId, answer: "no" });
  const answer = await room.message(({ target }) => target === "user");

  const silent = await harbor();
  await silent.send("ask touch silent.txt");
  const denied = await silent.message(({ target }) => target === "user");

  expect([answer.text, denied.text]).toEqual(["I was not allowed to.", "I was not allowed to."]);
  await expect(access(join(room.workingDir, "refused.txt"))).rejects.toThrow("ENOENT");
  await expect(access(join(silent.workingDir, "silent.txt"))).rejects.toThrow("ENOENT");
});

test.concurrent("a task that people cancel ends its turn and its question, and the agent goes on", async () => {
  const room = await harbor();
  const taskId = await room.send("ask touch cancelled.txt");
  const { _id: approvalId } = await approval(room);

  await world.person.mutate(api.tasks.cancel, { room: room.name, taskId });

  const [turn] = await turnsOf(room, taskId);
  expect(turn?.stopReason).toBe("cancelled");
  const closed = await room.first(
    api.approvals.list,
    { room: room.name },
    ({ items }) => items.find(({ _id, status }) => _id === approvalId && status !== "open") ?? null,
  );
  expect(closed.status).toBe("void");
  await room.send("say go on");
  await room.message(({ text }) => text === "go on");
});

test.concurrent("an agent that talks on after its handoff works until its turn is ended, and then gets the next message", async () => {
  const room = await harbor();

  // The moment passes on its own: whoever asks for it later, on a busy machine, comes too late.
  const talking = room.first(
    api.rooms.getTeamReadiness,
    { room: room.name },
    ({ items }) => items.find(({ activity }) => activity?.text === "finishing its turn") ?? null,
  );
  const taskId = await room.send("chatter muster handoff --to user mended");
  await room.message(({ text }) => text === "mended");
  expect(await talking).toMatchObject({ role: "linus", agentStatus: "working" });
  await room.send("say go on");
  await room.message(({ text }) => text === "go on");

  expect((await turnsOf(room, taskId)).map(({ stopReason }) => stopReason)).toEqual(["cancelled"]);
  expect(await room.history("linus")).not.toContain("process_exited");
});

test.concurrent.each([
  ["crash", "scripted", /^scripted was killed by SIGKILL/],
  ["hang", "hurried", /said nothing for 2 s/],
  ["garbage", "scripted", /does not speak the Agent Client Protocol/],
])(
  "a program that does %s in every turn is told in the room, and its task ends visibly",
  async (does, harness, why) => {
    const room = await harbor(harness);

    const taskId = await room.send(does);
    await room.first(
      api.rooms.getTeamReadiness,
      { room: room.name },
      ({ items }) =>
        items.find(({ lastExit }) => lastExit?.code === 70 && why.test(lastExit.tail)) ?? null,
    );
    const ended = await room.first(api.tasks.get, { room: room.name, taskId }, ({ status }) =>
      status === "dead_letter" ? status : null,
    );

    expect(ended).toBe("dead_letter");
  },
  60_000,
);

test.concurrent("a program that is killed once goes on with its session and finishes the task", async () => {
  const room = await harbor();

  const once = "if [ ! -e pid ]; then echo $PPID > pid; kill -9 $PPID; fi";
  await room.send(`shell ${once}; muster handoff --to user finished`);
  await room.until("linus", "dead");
  await room.message(({ text }) => text === "finished");

  const pid = await readFile(join(room.workingDir, "pid"), "utf8");
  expect(Number(pid)).toBeGreaterThan(1);
});

test.concurrent("an agent that is stopped while a tool runs leaves at once, with all that it has started", async () => {
  const room = await harbor();
  const taskId = await room.send("shell echo $$ > pid; exec sleep 1000");
  const pid = await vi.waitFor(async () => {
    const found = Number(await readFile(join(room.workingDir, "pid"), "utf8"));
    expect(found).toBeGreaterThan(1);
    return found;
  }, PATIENTLY);

  await room.order("stop", "linus");
  await room.until("linus", "offline");

  await vi.waitFor(async () => expect(await identityOf(pid)).toBeNull(), PATIENTLY);
  expect(await room.history("linus")).not.toContain("process_exited");
  expect(await room.taskStatus(taskId)).toBe("pending");
  expect((await turnsOf(room, taskId))[0]?.stopReason).toMatch(/cancelled|lost/);
});

test.concurrent("no secret that a harness prints is in the room", async () => {
  const room = await harbor();
  const secret = ["ghp", "abcdefghijklmnopqrstuvwxyz0123"].join("_");

  const taskId = await room.send(
    "shell printf 'ghp_%s' abcdefghijklmnopqrstuvwxyz0123 | tee key.txt",
  );
  await room.message(({ target }) => target === "user");

  const [turn] = await turnsOf(room, taskId);
  const diff = await room.first(api.tasks.diff, { room: room.name, taskId }, (known) => known);
  expect(await eventsOf(room, turn?._id ?? "")).toContain("[redacted]");
  expect(await eventsOf(room, turn?._id ?? "")).not.toContain(secret);
  expect(JSON.stringify(diff)).not.toContain(secret);
});
