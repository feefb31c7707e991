import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../src/backend/api.ts";
import { compiledCode } from "../src/compiled-code.fixture.ts";
import { Muster } from "./muster.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/main.ts");
let muster: Muster;
const open: Client[] = [];

beforeAll(async () => {
  muster = new Muster();
  await muster.up();
});

afterAll(async () => {
  await Promise.all(open.map(async (client) => await client.close()));
  await muster[Symbol.asyncDispose]();
});

/** linus's role in a room of its own. */
async function harbor(room: string): Promise<string[]> {
  await muster.call(["room", "create", room, "--team", "linus"]);
  return ["--room", room, "--role", "linus"];
}

/** A program that a person runs, with our server as one of its own. */
async function program(seat: readonly string[], env: Record<string, string> = {}) {
  const client = new Client({ name: "a person's tool", version: "1" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, "mcp", ...seat],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: muster.home.root,
      MUSTER_HOME: muster.home.root,
      ...compiledCode,
      ...env,
    },
  });
  await client.connect(transport);
  open.push(client);
  const say = async (name: string, args: Record<string, unknown> = {}, signal?: AbortSignal) => {
    const how = signal === undefined ? {} : { signal };
    const { content, isError } = await client.callTool({ name, arguments: args }, undefined, how);
    const [first] = content as Array<{ text: string }>;
    return { text: first?.text ?? "", isError: isError === true };
  };
  return { client, say, pid: transport.pid ?? 0 };
}

/** linus's program in a room of its own has given its first wait up, while the seat was ready; `given` is that call. */
async function waitGivenUp(room: string) {
  const { say } = await program(await harbor(room));
  const impatient = new AbortController();
  const given = say("wait_for_task", {}, impatient.signal).catch(() => "given up");
  await muster.becomes(room, "ready");
  impatient.abort();
  return { say, given };
}

async function seatIn(room: string) {
  const { data } = await muster.call(["room", "show", room]);
  const [seat] = data["seats"] as { agentStatus: string; parkedUntil: number | null }[];
  if (seat === undefined) throw new Error("there is no seat");
  return seat;
}

test("a program that only lists the server sits nowhere; its first wait joins, and a task is begun and handed off", async () => {
  const seat = await harbor("works");
  const { say } = await program(seat);
  expect(await seatIn("works")).toMatchObject({ agentStatus: "offline" });

  const waiting = say("wait_for_task");
  await muster.becomes("works", "ready");
  expect(await say("wait_for_task")).toEqual({
    text: "conflict: You are waiting already: that call will answer.",
    isError: true,
  });
  await muster.call(["send", "--room", "works", "mend the net"]);
  const task = await waiting;
  expect(task.isError).toBe(false);
  expect(task.text).toMatch(/^You are linus in the room works\.[^]*mend the net[^]*wait_for_task/);
  expect(await seatIn("works")).toMatchObject({ agentStatus: "working", parkedUntil: null });

  expect(await say("handoff", { to: "user", text: "It is mended." })).toEqual({
    text: "Handed to user. Your task is done: call wait_for_task for the next one.",
    isError: false,
  });
  await muster.becomes("works", "ready");
  // Nobody waits and nothing is held: the program stays open, and does not look ready for ever.
  await muster.becomes("works", "offline");
});

test("whoever takes a schedule's task by a tool is told of the tool that answers it", async () => {
  const seat = await harbor("watch");
  const at = ["--at", "2099-01-01T00:00Z", "--prompt", "Is the tide in?"];
  await muster.call(["schedule", "add", "tide", ...seat, ...at]);
  await muster.call(["schedule", "on", "--room", "watch"]);
  const { say } = await program(seat);
  const waiting = say("wait_for_task");
  await muster.becomes("watch", "ready");
  await muster.call(["schedule", "run", "tide", "--room", "watch"]);
  const task = await waiting;
  expect(task.text).toMatch(/Is the tide in\?[^]*call the tool heartbeat_respond of this server/);
  expect((await say("heartbeat_respond", { notify: false })).isError).toBe(false);
});

test("a task is kept alive for longer than its lease while the program works, and is given again when asked", async () => {
  const seat = await harbor("long");
  await muster.call(["send", "--room", "long", "paint the boat"]);
  const { say } = await program(seat);
  await say("wait_for_task");
  const begun = Date.now();
  // Three leases of 700 ms, in which nothing of the seat is called.
  while (Date.now() - begun < 2_100) expect((await seatIn("long")).agentStatus).toBe("working");
  expect((await say("wait_for_task")).text).toContain("You had begun this task before");
  expect((await say("handoff", { to: "user", text: "Painted." })).isError).toBe(false);
});

test("a wait that the program gives up parks the seat, and the next one gets the task", async () => {
  const { say, given } = await waitGivenUp("again");
  expect(await given).toBe("given up");
  await muster.first(
    api.rooms.getTeamReadiness,
    { room: "again" },
    ({ items }) => items[0]?.parkedUntil ?? null,
  );
  await muster.call(["send", "--room", "again", "scrub the deck"]);
  expect((await say("wait_for_task")).text).toContain("scrub the deck");
});

test("a program that gives a wait up may wait again at once", async () => {
  const { say, given } = await waitGivenUp("at-once");
  const again = say("wait_for_task");
  expect(await given).toBe("given up");
  await muster.call(["send", "--room", "at-once", "mop the deck"]);
  expect((await again).text).toContain("mop the deck");
});

test("a program that ends leaves its role and gives its task back at once", async () => {
  const seat = await harbor("ends");
  await muster.call(["send", "--room", "ends", "coil the rope"]);
  const { say, client } = await program(seat);
  await say("wait_for_task");
  await client.close();
  await muster.becomes("ends", "offline");
  const { data } = await muster.call(["task", "list", "--room", "ends"]);
  expect(data["items"]).toMatchObject([{ status: "pending" }]);
});

test("a program that is killed is dead within its lease", async () => {
  const seat = await harbor("killed");
  const { say, pid } = await program(seat);
  const waiting = say("wait_for_task").catch(() => "cut off");
  await muster.becomes("killed", "ready");
  process.kill(pid, "SIGKILL");
  expect(await waiting).toBe("cut off");
  await muster.becomes("killed", "dead");
});

test("a second program takes the seat; the first hears it from every tool and touches nothing", async () => {
  const seat = await harbor("taken");
  await muster.call(["send", "--room", "taken", "light the lamp"]);
  const first = await program(seat);
  await first.say("wait_for_task");
  const second = await program(seat);
  expect((await second.say("wait_for_task")).text).toContain("light the lamp");

  for (const [tool, args] of [
    ["handoff", { to: "user", text: "Lit." }],
    ["report_progress", { text: "half" }],
    ["read_messages", {}],
    ["wait_for_task", {}],
  ] as const) {
    expect(await first.say(tool, args)).toEqual({
      text: "superseded: Another process has this seat now. Stop working: nothing that you do counts any more.",
      isError: true,
    });
  }
  await first.client.close();
  expect(await seatIn("taken")).toMatchObject({ agentStatus: "working" });
  expect((await second.say("handoff", { to: "user", text: "Lit." })).isError).toBe(false);
});

test("an agent whose daemon waits for it is offered no tool to wait", async () => {
  const seat = await harbor("driven");
  const { client } = await program(seat, { MUSTER_ROOM: "driven", MUSTER_ROLE: "linus" });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).not.toContain("wait_for_task");
});
