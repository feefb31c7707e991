import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Muster } from "./muster.ts";

let muster: Muster;
beforeAll(async () => {
  muster = new Muster();
  // Leases that outlast the tests: what is asserted here is said, not waited for.
  await muster.up([], { MUSTER_TIMING: "fast" });
});
afterAll(async () => await muster[Symbol.asyncDispose]());

/** A room of its own for the running test, with ada's role in it. */
async function open(name: string): Promise<string[]> {
  const made = await muster.call(["room", "create", name, "--team", "planner"]);
  expect(made.exit).toBe(0);
  return ["--room", name, "--role", "planner"];
}

async function statusIn(name: string): Promise<string> {
  const { data } = await muster.call(["room", "show", name]);
  return (data["seats"] as { agentStatus: string }[])[0]?.agentStatus ?? "";
}

test.concurrent("by the command line alone: a message becomes a task, is handed on and answered", async () => {
  const planner = ["--room", "harbor", "--role", "planner"];
  const builder = ["--room", "harbor", "--role", "builder"];

  const opened = await muster.call([
    "room",
    "create",
    "harbor",
    "--team",
    "planner,builder",
    "--entry",
    "planner",
  ]);
  expect(opened).toMatchObject({ exit: 0, data: { name: "harbor" } });
  const sent = await muster.run(["send", "--room", "harbor"], { stdin: "a pier, please\n" });
  expect(sent).toMatchObject({ exit: 0, data: { role: "planner" } });

  const planned = await muster.run(["wait-for-task", ...planner]);
  expect(planned).toMatchObject({
    exit: 0,
    data: { task: { id: sent.data["taskId"], role: "planner", attempt: 1, resumed: false } },
  });
  expect(JSON.stringify(planned.data)).toContain("a pier, please");
  expect(planned.next).toEqual([
    `muster task-started ${planner.join(" ")} --task ${String(sent.data["taskId"])}`,
  ]);
  expect((await muster.call(["task-started", ...planner])).exit).toBe(0);
  expect((await muster.call(["report-progress", ...planner, "half of it"])).exit).toBe(0);
  const handed = await muster.call(["handoff", ...planner, "--to", "builder", "build a pier"]);
  expect(handed).toMatchObject({ exit: 0, next: [`muster wait-for-task ${planner.join(" ")}`] });

  const built = await muster.run(["wait-for-task", ...builder]);
  expect(built).toMatchObject({ exit: 0, data: { task: { id: handed.data["nextTaskId"] } } });
  expect((await muster.call(["task-started", ...builder])).exit).toBe(0);
  expect((await muster.call(["handoff", ...builder, "--to", "user", "it stands"])).exit).toBe(0);

  const { data } = await muster.call(["messages", "--room", "harbor"]);
  const items = data["items"] as { type: string; text: string; sender: { name: string } }[];
  const said = items.filter(({ type }) => type === "message" || type === "handoff");
  expect(said.map(({ text }) => text)).toEqual(["a pier, please", "build a pier", "it stands"]);
  const tasks = await muster.call(["task", "list", "--room", "harbor"]);
  expect((tasks.data["items"] as { status: string }[]).map(({ status }) => status)).toEqual([
    "completed",
    "completed",
  ]);
});

test.concurrent("a proxy that programs shall use is not asked for a backend on this computer", async () => {
  const seat = await open("behind-a-proxy");
  const proxy = "http://127.0.0.1:9";
  const env = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: "1" };
  const answer = await muster.run(["wait-for-task", ...seat, "--timeout", "0.2"], { env });
  expect(answer.exit).toBe(75);
});

test.concurrent("an idle wait ends with 75, says which command to repeat, and keeps the role ready", async () => {
  const seat = await open("idle");
  const answer = await muster.run(["wait-for-task", ...seat, "--timeout", "0.2"]);
  expect(answer).toMatchObject({
    exit: 75,
    data: { task: null },
    next: [`muster wait-for-task ${seat.join(" ")} --timeout 0.2`],
  });
  expect(await statusIn("idle")).toBe("ready");
});

test.concurrent("a task that is already held is given again, not anew", async () => {
  const seat = await open("again");
  await muster.call(["send", "--room", "again", "once"]);
  const first = await muster.run(["wait-for-task", ...seat]);
  const second = await muster.run(["wait-for-task", ...seat]);
  expect(first.data).toMatchObject({ task: { attempt: 1, resumed: false } });
  const { id } = first.data["task"] as { id: string };
  expect(second.data).toMatchObject({ task: { id, attempt: 1, resumed: true } });
});

test.concurrent("a lost claim reply costs no attempt: the same holder gets the task again", async () => {
  const seat = await open("lost");
  await muster.call(["send", "--room", "lost", "once"]);
  await muster.run(["wait-for-task", ...seat]);
  forgetToken("lost");
  const again = await muster.run(["wait-for-task", ...seat]);
  expect(again).toMatchObject({ exit: 0, data: { task: { attempt: 1 } } });
  expect((await muster.call(["task-started", ...seat])).exit).toBe(0);
});

/** As after a crash between the claim and the write of the seat file. */
function forgetToken(name: string): void {
  const [backend = ""] = readdirSync(muster.home.seats);
  const dir = path.join(muster.home.seats, backend);
  for (const file of readdirSync(dir).map((entry) => path.join(dir, entry))) {
    const seat = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    if (seat["roomName"] !== name) continue;
    const { taskId: _taskId, token: _token, ...rest } = seat;
    writeFileSync(file, JSON.stringify(rest), { mode: 0o600 });
  }
}

test.concurrent("a second waiter takes the seat; the first ends with 6 and must ask to take it back", async () => {
  const seat = await open("taken");
  const first = muster.start(["wait-for-task", ...seat]);
  await muster.becomes("taken", "ready");
  const second = muster.start(["wait-for-task", ...seat, "--timeout", "20"]);
  expect(await first.ended()).toBe(6);
  expect(first.output).toContain("Another process took the seat of planner.");

  const refused = await muster.run(["wait-for-task", ...seat, "--timeout", "1"]);
  expect(refused).toMatchObject({ exit: 6, error: { kind: "superseded" } });
  const back = await muster.run(["wait-for-task", ...seat, "--timeout", "0.2", "--take-over"]);
  expect(back.exit).toBe(75);
  expect(await second.ended()).toBe(6);
});

test.concurrent("a task that nobody can read goes back to the queue, and the role is left", async () => {
  const seat = await open("unread");
  const waiting = muster.start(["wait-for-task", ...seat]);
  await muster.becomes("unread", "ready");
  waiting.child.stdout?.destroy();
  await muster.call(["send", "--room", "unread", "hello?"]);
  expect(await waiting.ended()).toBe(1);
  expect(await statusIn("unread")).toBe("offline");
  const again = await muster.run(["wait-for-task", ...seat]);
  expect(again).toMatchObject({ exit: 0, data: { task: { resumed: false } } });
});
