import { afterAll, beforeAll, expect, test } from "vitest";
import { Muster } from "./muster.ts";

let muster: Muster;
beforeAll(async () => {
  muster = new Muster();
  await muster.up([], { MUSTER_TIMING: "fast" });
});
afterAll(async () => await muster[Symbol.asyncDispose]());

interface Item {
  readonly _id: string;
  readonly status: string;
}

/** linus has begun a task in a room of its own. */
async function atWork() {
  const { room, seat } = await muster.atWork("linus");
  const asked = async () => {
    const { data, next } = await muster.call(["questions", "--room", room]);
    return { items: data["items"] as Item[], next };
  };
  /** The open question, as soon as there is one; the test's own time limit bounds it. */
  const open = async () => {
    for (;;) {
      const { items, next } = await asked();
      const first = items.find(({ status }) => status === "open");
      if (first !== undefined) return { id: first._id, next };
    }
  };
  return { room, seat, asked, open };
}

test.concurrent("an agent asks, waits, and prints what a person answers; the next one is told who was first", async () => {
  const { room, seat, open } = await atWork();
  const asking = muster.start(["ask", ...seat, "Which port?"]);
  const { id, next } = await open();
  expect(next).toEqual([`muster answer ${id} "…"`]);
  const shown = await muster.call(["room", "show", room]);
  expect(shown.data["seats"]).toMatchObject([{ role: "linus", needsYou: true }]);
  const why = await muster.call(["explain", room, "--role", "linus"]);
  expect(why.data["items"]).toMatchObject([
    {
      holdup: {
        kind: "question",
        sentence: "linus asks people: Which port?",
        command: `muster approvals --room ${room}`,
      },
    },
  ]);

  expect(await muster.call(["answer", id, "8080,", "please"])).toMatchObject({
    exit: 0,
    data: { status: "answered" },
  });
  expect(await asking.ended()).toBe(0);
  expect(asking.output).toBe("8080, please\n");
  const late = await muster.call(["answer", id, "9090"]);
  expect(late).toMatchObject({ exit: 6, error: { kind: "conflict" } });
  expect(late.error.message).toMatch(/ has answered this already: 8080, please\.$/);
});

test.concurrent("a wait that is over gives the id with which it goes on", async () => {
  const { seat, asked } = await atWork();
  const choices = ["--choice", "8080", "--choice", "9090"];
  const first = await muster.run(["ask", ...seat, "Which port?", ...choices, "--wait", "0"]);
  expect(first).toMatchObject({ exit: 75, data: { answer: null } });
  const { items, next } = await asked();
  const [id = ""] = items.map(({ _id }) => _id);
  expect(first.next).toEqual([`muster ask ${seat.join(" ")} --resume ${id} --wait 0`]);
  expect(next).toEqual([`muster answer ${id} 8080`, `muster answer ${id} 9090`]);

  const resume = first.next[0]?.split(" ").slice(1) ?? [];
  expect(await muster.run(resume)).toMatchObject({ exit: 75, data: { questionId: id } });
  expect(await muster.call(["answer", id, "80"])).toMatchObject({ exit: 2 });
  await muster.call(["answer", id], { stdin: "9090\n" });
  expect(await muster.run(resume)).toMatchObject({
    exit: 0,
    data: { questionId: id, answer: "9090" },
  });
});

test.concurrent("a question that nobody answers, or whose task is over, has an end of its own", async () => {
  const { seat } = await atWork();
  const late = await muster.run(["ask", ...seat, "Which port?", "--timeout", "1s"]);
  expect(late).toMatchObject({ exit: 9, error: { kind: "unanswered" } });
  expect(late.error.message).toBe("Nobody answered in time.");

  const { data } = await muster.run(["ask", ...seat, "Which host?", "--wait", "0"]);
  const id = String(data["questionId"]);
  await muster.call(["task-complete", ...seat]);
  const over = await muster.run(["ask", ...seat, "--resume", id]);
  expect(over).toMatchObject({ exit: 9, error: { kind: "void" } });
  expect(await muster.call(["answer", id, "mini"])).toMatchObject({ exit: 6 });
});

test.concurrent("an interrupted wait leaves its question open and its seat as it was", async () => {
  const { room, seat, open } = await atWork();
  const asking = muster.start(["ask", ...seat, "Which port?"]);
  const { id } = await open();
  asking.child.kill("SIGINT");
  expect(await asking.ended()).toBe(130);
  expect((await open()).id).toBe(id);
  const shown = await muster.call(["room", "show", room]);
  expect(shown.data["seats"]).toMatchObject([{ agentStatus: "working" }]);
});

test.concurrent("what cannot be asked or answered is refused in a sentence", async () => {
  const { room, seat, asked } = await atWork();
  const ask = async (...args: string[]) => await muster.call(["ask", ...seat, ...args]);
  expect(await ask("Yes?", "--choice", "yes")).toMatchObject({ exit: 2 });
  expect(await ask("Yes?", "--timeout", "2d")).toMatchObject({ exit: 2 });
  expect(await ask("Yes?", "--timeout", "soon")).toMatchObject({ exit: 2 });
  expect(await ask("Yes?", "--resume", "a1")).toMatchObject({ exit: 2 });
  expect(await muster.run(["ask", ...seat, "--resume", "a1"])).toMatchObject({ exit: 3 });
  expect(await ask("x".repeat(5_000))).toMatchObject({ exit: 8 });
  expect((await asked()).items).toEqual([]);

  const env = { MUSTER_ROOM: room, MUSTER_ROLE: "linus" };
  expect(await muster.call(["answer", "a1", "yes"], { env })).toMatchObject({ exit: 5 });
  expect(await muster.call(["answer", "a1", "yes"])).toMatchObject({ exit: 3 });
  await muster.call(["handoff", ...seat, "--to", "user", "Mended."]);
  expect(await ask("Well?")).toMatchObject({ exit: 6, error: { kind: "conflict" } });
});
