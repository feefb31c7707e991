import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compiledCode } from "../src/compiled-code.fixture.ts";
import { Muster } from "./muster.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/main.ts");
const SEAT = ["--room", "harbor", "--role", "linus"];
let muster: Muster;

beforeAll(async () => {
  muster = new Muster();
  await muster.up();
  await muster.call(["room", "create", "harbor", "--team", "ada,linus"]);
});

afterAll(async () => await muster[Symbol.asyncDispose]());

/** The tools of linus as an agent program sees them. */
async function tools(): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: "linus", version: "1" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, "mcp", ...SEAT],
    env: {
      PATH: process.env["PATH"] ?? "",
      MUSTER_HOME: muster.home.root,
      ...compiledCode,
    },
  });
  await client.connect(transport);
  return Object.assign(client, { [Symbol.asyncDispose]: async () => await client.close() });
}

async function say(client: Client, name: string, args: Record<string, unknown>) {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const [first] = content as Array<{ text: string }>;
  return { text: first?.text ?? "", isError: isError === true };
}

/** linus gets a task and begins it. */
async function begin(text: string): Promise<void> {
  await muster.call(["send", "--room", "harbor", "--to", "linus", text]);
  const { exit } = await muster.call(["wait-for-task", ...SEAT, "--timeout", "10"]);
  expect(exit).toBe(0);
  await muster.call(["task-started", ...SEAT]);
}

async function messages() {
  const { data } = await muster.call(["messages", "--room", "harbor"]);
  return data["items"] as Array<{ type: string; text: string; target: string | null }>;
}

test("an agent tells the room, reads it, and hands off by tools", async () => {
  await begin("mend the net");
  await using client = await tools();

  const { tools: offered } = await client.listTools();
  expect(offered.map(({ name }) => name)).toEqual([
    "handoff",
    "heartbeat_respond",
    "report_progress",
    "read_messages",
    "ask_human",
    "wait_for_task",
  ]);

  expect(await say(client, "report_progress", { text: "half of it is mended" })).toEqual({
    text: "The room knows.",
    isError: false,
  });
  const read = await say(client, "read_messages", {});
  expect(read.text).toMatch(/--- ([0-9a-f]{16})\n[^]*mend the net[^]*half of it[^]*\n--- \1$/);

  const done = await say(client, "handoff", { to: "user", text: "The net is mended." });
  expect(done).toEqual({
    text: "Handed to user. Your task is done: call wait_for_task for the next one.",
    isError: false,
  });
  expect((await messages()).at(-1)).toMatchObject({
    type: "handoff",
    target: "user",
    text: "The net is mended.",
  });
});

test("a second handoff of the same task changes nothing and says why", async () => {
  await begin("paint the boat");
  await using client = await tools();
  await say(client, "handoff", { to: "user", text: "Painted." });

  const again = await say(client, "handoff", { to: "ada", text: "Painted." });

  expect(again.isError).toBe(true);
  expect(again.text).toMatch(/^conflict: linus in harbor holds no task/);
  expect((await messages()).filter(({ text }) => text === "Painted.")).toHaveLength(1);
});

test("an agent whose task was taken from it is told to stop", async () => {
  await begin("scrub the deck");
  await using client = await tools();
  const { data } = await muster.call(["task", "list", "--room", "harbor"]);
  const [task] = data["items"] as Array<{ _id: string }>;
  await muster.call(["task", "cancel", task?._id ?? "", "--room", "harbor"]);

  const late = await say(client, "handoff", { to: "user", text: "Scrubbed." });

  expect(late.isError).toBe(true);
  expect(late.text).toMatch(/^stale_claim: This task is not yours any more/);
});

test("arguments that make no sense are refused before anything is sent", async () => {
  await using client = await tools();

  expect((await say(client, "handoff", { to: "user" })).isError).toBe(true);
  expect((await say(client, "read_messages", { limit: 1_000 })).isError).toBe(true);
});

/** linus sits, his schedule ticks, and he begins its task. Answers with the text that he is given. */
async function tick(): Promise<string> {
  await muster.run(["wait-for-task", ...SEAT, "--timeout", "0"]);
  const ran = await muster.call(["schedule", "run", "watch", "--room", "harbor"]);
  expect(ran.data).toMatchObject({ status: "woken" });
  const { data } = await muster.run(["wait-for-task", ...SEAT, "--timeout", "10"]);
  await muster.call(["task-started", ...SEAT]);
  return (data["task"] as { text: string }).text;
}

async function lastTick() {
  const { data } = await muster.call(["schedule", "show", "watch", "--room", "harbor"]);
  return (data["ticks"] as Array<Record<string, unknown>>)[0];
}

test("a schedule is answered by a tool or a command: quietly, with news, and never twice with the same", async () => {
  const at = ["--at", "2099-01-01T00:00Z", "--prompt", "Is the tide in?"];
  await muster.call(["schedule", "add", "watch", ...SEAT, ...at]);
  await muster.call(["schedule", "on", "--room", "harbor"]);
  await using client = await tools();
  const before = (await messages()).length;

  expect(await tick()).toContain("Is the tide in?");
  expect(await say(client, "heartbeat_respond", { notify: false })).toEqual({
    text: "Noted: nobody is disturbed. Now call wait_for_task for the next one.",
    isError: false,
  });
  expect(await lastTick()).toMatchObject({ outcome: "ok", text: null });

  const command = await tick().then((text) => /muster task-complete .*/.exec(text)?.[0]);
  expect(command).toBe('muster task-complete --room harbor --role linus "HEARTBEAT_OK"');
  expect((await muster.call(["task-complete", ...SEAT, "HEARTBEAT_OK"])).exit).toBe(0);
  expect(await lastTick()).toMatchObject({ outcome: "ok", text: null });

  const news = { notify: true, text: "The tide is out." };
  await tick();
  expect((await say(client, "heartbeat_respond", news)).text).toMatch(/^The people will know\./);
  await tick();
  expect((await say(client, "heartbeat_respond", news)).text).toMatch(
    /^The people know that already/,
  );

  const said = (await messages()).slice(before);
  expect(said.filter(({ text }) => text.includes("HEARTBEAT_OK"))).toEqual([]);
  expect(said.filter(({ text }) => text === news.text)).toHaveLength(1);
});

test("a task that no schedule has set is not ended by that tool, and stays", async () => {
  await begin("coil the rope");
  await using client = await tools();

  const wrong = await say(client, "heartbeat_respond", { notify: false });

  expect(wrong.isError).toBe(true);
  expect(wrong.text).toMatch(
    /^illegal_transition: This task is no tick of a schedule: hand it off/,
  );
  expect((await say(client, "heartbeat_respond", { notify: true })).isError).toBe(true);
  expect((await say(client, "handoff", { to: "user", text: "Coiled." })).isError).toBe(false);
  expect((await say(client, "heartbeat_respond", { notify: false })).text).toMatch(
    /^conflict: linus in harbor holds no task/,
  );
});

test("an agent asks a person by a tool and reads the answer", async () => {
  await begin("name the boat");
  await using client = await tools();
  const asking = say(client, "ask_human", { question: "Which name?", choices: ["Ada", "Linus"] });
  const id = await openQuestion();
  await muster.call(["answer", id, "Ada"]);

  const answered = await asking;
  expect(answered).toEqual({ text: expect.stringMatching(/ answers: Ada$/), isError: false });
  expect(await say(client, "ask_human", { id })).toEqual(answered);
  expect((await say(client, "ask_human", {})).text).toMatch(/^usage: Give either a question/);
  expect((await say(client, "ask_human", { id: "a1" })).text).toMatch(/^not_found: /);
});

/** Comes back once something is asked; the test's own time limit bounds it. */
async function openQuestion(): Promise<string> {
  for (;;) {
    const { data } = await muster.call(["approvals", "--room", "harbor"]);
    const [open] = data["items"] as Array<{ _id: string; status: string }>;
    if (open?.status === "open") return open._id;
  }
}
