import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../src/backend/api.ts";
import { connect, type Backend } from "../src/backend/connect.ts";
import { personCredential } from "../src/backend/credential.ts";
import { readSeat } from "../src/seat.ts";
import { Muster } from "./muster.ts";

let muster: Muster;
beforeAll(async () => {
  muster = new Muster();
  await muster.up([], { MUSTER_TIMING: "fast" });
});
afterAll(async () => await muster[Symbol.asyncDispose]());

interface Fence {
  readonly room: string;
  readonly role: string;
  readonly epoch: number;
  readonly token: string;
  readonly taskId: string;
}

/** A room in which linus has begun a turn for a task, with what his adapter would say of it. */
class Turn implements AsyncDisposable {
  readonly room: string;
  readonly taskId: string;
  readonly #linus: Backend;
  readonly #fence: Fence;
  #turnId = "";
  #told = 0;

  private constructor(linus: Backend, room: string, fence: Fence) {
    this.room = room;
    this.taskId = fence.taskId;
    this.#linus = linus;
    this.#fence = fence;
  }

  static async begin(): Promise<Turn> {
    const { room } = await muster.atWork("builder");
    const url = await muster.url();
    const credential = await personCredential(muster.home, url);
    const held = await readSeat(muster.home, url, room, "builder");
    if (credential === null || held?.token === undefined) throw new Error("nobody sits there");
    const { epoch, token, taskId = "" } = held;
    const linus = connect({
      home: muster.home,
      credential: { ...credential, seat: { room, role: "builder" } },
    });
    const turn = new Turn(linus, room, { room, role: "builder", epoch, token, taskId });
    await turn.next();
    return turn;
  }

  /** The harness gets (another) prompt. */
  async next(): Promise<void> {
    const begun = { ...this.#fence, harness: "opencode", key: randomUUID() };
    this.#turnId = (await this.#linus.mutate(api.turns.begin, begun)).turnId;
    this.#told = 0;
  }

  async tell(text: string): Promise<void> {
    const { token: _token, taskId: _taskId, ...seat } = this.#fence;
    const events = [{ kind: "text" as const, body: text }];
    const batch = { ...seat, turnId: this.#turnId, from: this.#told + 1, events };
    await this.#linus.mutate(api.turns.record, { ...batch, usage: { inputTokens: 1_200 } });
    this.#told += 1;
  }

  async ask(): Promise<string> {
    const asked = await this.#linus.mutate(api.approvals.ask, {
      ...this.#fence,
      turnId: this.#turnId,
      requestId: randomUUID(),
      title: "Run npm install",
      detail: "in /srv/harbor",
      options: [
        { optionId: "once", name: "Allow once", kind: "allow_once" },
        { optionId: "no", name: "Reject", kind: "reject_once" },
      ],
    });
    return asked.approvalId;
  }

  async changed(): Promise<void> {
    const { token: _token, ...holder } = this.#fence;
    await this.#linus.mutate(api.tasks.recordDiff, {
      ...holder,
      diff: {
        base: "0".repeat(40),
        head: "1".repeat(40),
        commits: [{ hash: "1".repeat(40), subject: "Mend the net" }],
        files: [{ path: "net\u001B[2J.txt", added: 1, removed: 1, patch: "@@\n-torn\n+whole\n" }],
        totals: { commits: 1, files: 1, added: 1, removed: 1 },
        truncated: false,
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#linus.close();
  }
}

test.concurrent("a question is seen with its options and answered once; who comes late is told who was first", async () => {
  await using turn = await Turn.begin();
  const id = await turn.ask();

  const seen = await muster.call(["approvals", "--room", turn.room]);
  expect(seen.data).toMatchObject({
    items: [{ _id: id, title: "Run npm install", status: "open" }],
  });
  expect(seen.next).toEqual([`muster answer ${id} once`, `muster answer ${id} no`]);
  const status = await muster.call(["agent", "status", "--room", turn.room, "--role", "builder"]);
  expect(status.next).toContain(`muster approvals --room ${turn.room}`);

  expect(await muster.call(["approvals", "answer", id, "maybe"])).toMatchObject({ exit: 2 });
  expect(await muster.call(["answer", id, "once"])).toMatchObject({
    exit: 0,
    data: { status: "answered" },
  });
  const late = await muster.call(["approvals", "answer", id, "no"]);
  expect(late).toMatchObject({ exit: 6, error: { kind: "conflict" } });
  expect(late.error.message).toMatch(/ has answered this already: Allow once\.$/);
});

test.concurrent("no agent's shell can answer what an agent asks", async () => {
  await using turn = await Turn.begin();
  const id = await turn.ask();
  const env = { MUSTER_ROOM: turn.room, MUSTER_ROLE: "builder" };
  expect(await muster.call(["approvals", "answer", id, "once"], { env })).toMatchObject({
    exit: 5,
  });
});

test.concurrent("a task is shown with its turns and what the last one did, and what it changed", async () => {
  await using turn = await Turn.begin();
  const before = await muster.call(["task", "diff", "--room", turn.room, turn.taskId]);
  expect(before).toMatchObject({ exit: 0, data: null });

  await turn.tell("Looking at the net.");
  await turn.next();
  await turn.tell("Mended.");
  await turn.changed();

  const shown = await muster.call(["task", "show", "--room", turn.room, turn.taskId]);
  expect(shown.data).toMatchObject({
    status: "in_progress",
    turns: [{ status: "ended" }, { status: "running", usage: { inputTokens: 1_200 } }],
    events: [{ kind: "text", body: "Mended." }],
    changed: { files: 1 },
  });
  const changed = muster.start(["task", "diff", "--room", turn.room, turn.taskId]);
  expect(await changed.ended()).toBe(0);
  expect(changed.output).toContain("  +1 −1  net.txt\n\nnet.txt\n@@\n-torn\n+whole\n");
});

test.concurrent("a task is called off once, and only a dead letter can be retried", async () => {
  await using turn = await Turn.begin();
  const on = ["--room", turn.room, turn.taskId];

  expect((await muster.call(["task", "cancel", ...on])).data).toMatchObject({
    status: "cancelled",
  });
  expect(await muster.call(["task", "cancel", ...on])).toMatchObject({ exit: 6 });
  expect(await muster.call(["task", "retry", ...on])).toMatchObject({
    exit: 6,
    error: { kind: "illegal_transition" },
  });
});

test.concurrent("the log of an agent is read as far as it is, and followed from turn to turn", async () => {
  await using turn = await Turn.begin();
  const seat = ["--room", turn.room, "--role", "builder"];
  await turn.tell("One.");
  expect((await muster.call(["agent", "logs", ...seat])).data).toMatchObject({
    turn: { status: "running" },
    items: [{ body: "One." }],
  });

  const following = muster.start(["agent", "logs", "-f", ...seat]);
  await following.says("One.");
  await turn.tell("Two.");
  await following.says("Two.");
  await turn.next();
  await turn.tell("Three.");
  await following.says("Three.");
  following.child.kill("SIGINT");
  expect(await following.ended()).toBe(0);
  expect(following.output.match(/opencode/g)).toHaveLength(2);
  expect(following.output.match(/One\./g)).toHaveLength(1);
});
