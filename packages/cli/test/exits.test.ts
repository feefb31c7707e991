import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { api } from "../src/backend/api.ts";
import { connect } from "../src/backend/connect.ts";
import { machineCredential, personCredential, seatCredential } from "../src/backend/credential.ts";
import { stopDaemon } from "../src/daemon/index.ts";
import { findMarked } from "../src/daemon/marker.ts";
import { World } from "../src/daemon/world.fixture.ts";
import type { Room } from "../src/daemon/world.fixture.ts";
import { compiledCode } from "../src/compiled-code.fixture.ts";
import { sitDown } from "../src/held-seat.ts";
import { newHolderId, readSeat, writeSeat } from "../src/seat.ts";
import { Muster } from "./muster.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/main.ts");
const AGENT_RUN = path.resolve(import.meta.dirname, "../src/agent-run/main.ts");

/** Breaks a process from outside, in the way that our own code could. */
const breaks = (how: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2",()=>{${how}})`)}`;
const THROWS = breaks(`throw new Error("the mast broke")`);
const REJECTS = breaks(`void Promise.reject(new Error("the mast broke"))`);

const kill = (signal: NodeJS.Signals) => (child: ChildProcess) => void child.kill(signal);

interface Exit {
  readonly by: string;
  readonly options?: string;
  readonly does: (child: ChildProcess) => void;
  readonly code: number;
}

const EXITS: readonly Exit[] = [
  { by: "SIGINT", does: kill("SIGINT"), code: 130 },
  { by: "SIGTERM", does: kill("SIGTERM"), code: 143 },
  { by: "SIGHUP", does: kill("SIGHUP"), code: 143 },
  { by: "an uncaught exception", options: THROWS, does: kill("SIGUSR2"), code: 1 },
  { by: "an unhandled rejection", options: REJECTS, does: kill("SIGUSR2"), code: 1 },
];

async function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

let muster: Muster;
let world: World;
const left: ChildProcess[] = [];

beforeAll(async () => {
  muster = new Muster();
  // Leases that outlast the tests: whoever is offline here has left.
  await muster.up([], { MUSTER_TIMING: "fast" });
  world = await World.begin();
});

afterAll(async () => {
  for (const child of left) child.kill("SIGKILL");
  await muster[Symbol.asyncDispose]();
  await world.end();
});

/** ada's role in a room of its own. */
async function pier(): Promise<{ room: string; seat: string[] }> {
  const room = `pier-${newHolderId().slice(0, 8)}`;
  await muster.call(["room", "create", room, "--team", "planner"]);
  return { room, seat: ["--room", room, "--role", "planner"] };
}

test.concurrent.each(EXITS)(
  "a waiter that ends by $by leaves its role, with exit code $code",
  async ({ options, does, code }) => {
    const { room, seat } = await pier();
    const env = options === undefined ? {} : { NODE_OPTIONS: options };
    const { child } = muster.start(["wait-for-task", ...seat], { env });
    await muster.becomes(room, "ready");
    does(child);
    expect(await codeOf(child)).toBe(code);
    await muster.becomes(room, "offline");
  },
);

test.concurrent("a waiter whose parent is gone leaves its role", async () => {
  const { room, seat } = await pier();
  const words = [process.execPath, MAIN, "wait-for-task", ...seat].map((word) => `'${word}'`);
  const env = { PATH: process.env["PATH"], HOME: muster.home.root, MUSTER_HOME: muster.home.root };
  const shell = spawn("sh", ["-c", `${words.join(" ")}; true`], { env, stdio: "ignore" });
  await muster.becomes(room, "ready");
  shell.kill("SIGKILL");
  expect(await muster.becomes(room, "offline")).toBe("offline");
});

test.concurrent("a waiter whose credential is revoked ends with 4, and its lease says the rest", async () => {
  await using home = new Muster();
  await home.up();
  await home.call(["room", "create", "harbor", "--team", "planner"]);
  const waiting = home.start(["wait-for-task", "--room", "harbor", "--role", "planner"]);
  await home.becomes("harbor", "ready");
  const url = await home.url();
  const credential = await personCredential(home.home, url);
  if (credential === null) throw new Error("nobody is signed in");
  const person = connect({ home: home.home, credential });
  await person.mutate(api.auth.signOut, {});
  await person.close();
  expect(await waiting.ended()).toBe(4);
});

test.concurrent("a waiter whose room is archived leaves its role, and may come back once the room is open", async () => {
  const { room, seat } = await pier();
  const waiting = muster.start(["wait-for-task", ...seat]);
  await muster.becomes(room, "ready");
  const archived = await muster.call(["room", "archive", room]);
  expect(archived.next).toEqual([`muster room unarchive ${room}`]);
  expect(await waiting.ended()).toBe(6);
  expect(waiting.output).toContain(`The room ${room} is archived.`);
  await muster.becomes(room, "offline");
  const { data } = await muster.call(["room", "list", "--archived"]);
  expect((data["items"] as { name: string }[]).map(({ name }) => name)).toEqual([room]);
  const shown = muster.start(["room", "show", room]);
  await shown.ended();
  expect(shown.output).toMatch(/ – archived by \S+ \d+ s ago/);
  expect((await muster.call(["send", "--room", room, "hello?"])).error.kind).toBe("archived");

  await muster.call(["room", "unarchive", room]);
  await muster.call(["agent", "start", ...seat]);
  const again = await muster.run(["wait-for-task", ...seat, "--timeout", "0.2"]);
  expect(again.exit).toBe(75);
});

test.concurrent("a waiter that does not reach its backend for a whole lease gives its role up", async () => {
  await using home = new Muster();
  const up = await home.up();
  await home.call(["room", "create", "harbor", "--team", "planner"]);
  const waiting = home.start(["wait-for-task", "--room", "harbor", "--role", "planner"]);
  await home.becomes("harbor", "ready");
  up.child.kill("SIGKILL");
  expect(await waiting.ended()).toBe(7);
  expect(waiting.output).toContain("The role was given up.");
});

test.concurrent.each([
  ...EXITS,
  { by: "the end of its input", does: ({ stdin }: ChildProcess) => void stdin?.end(), code: 0 },
  { by: "a closed output", does: closeOutput, code: 0 },
])(
  "an MCP server that ends by $by ends at once and leaves the seat to its agent",
  async ({ options, does, code }) => {
    const { room, seat } = await pier();
    await muster.run(["wait-for-task", ...seat, "--timeout", "0.2"]);
    const child = toolServer(seat, options);
    say(child, { id: 1, method: "ping" });
    if (child.stdout !== null) await once(child.stdout, "data");
    does(child);
    expect(await codeOf(child)).toBe(code);
    await muster.becomes(room, "ready");
  },
);

test.concurrent.each([
  ...EXITS,
  { by: "the end of its input", does: ({ stdin }: ChildProcess) => void stdin?.end(), code: 0 },
])(
  "an MCP server that waits or holds a task leaves its role when it ends by $by",
  async ({ options, does, code }) => {
    const { room, seat } = await pier();
    // A signal finds it waiting, everything else at work.
    const works = code < 2;
    if (works) await muster.call(["send", "--room", room, "mend the net"]);
    const child = toolServer(seat, options);
    say(child, { id: 1, method: "initialize", params: HELLO });
    say(child, { method: "notifications/initialized" });
    const call = { name: "wait_for_task", arguments: {} };
    say(child, { id: 2, method: "tools/call", params: call });
    await muster.becomes(room, works ? "working" : "ready");
    does(child);
    expect(await codeOf(child)).toBe(code);
    await muster.becomes(room, "offline");
  },
);

const HELLO = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "a person's tool", version: "1" },
};

function toolServer(seat: string[], options: string | undefined): ChildProcess {
  const { PATH } = process.env;
  const place = { HOME: muster.home.root, MUSTER_HOME: muster.home.root };
  const env = { PATH, ...place, ...compiledCode, NODE_OPTIONS: options };
  const child = spawn(process.execPath, [MAIN, "mcp", ...seat], { env, stdio: "pipe" });
  left.push(child);
  child.stdin.on("error", () => {});
  child.stdout.resume();
  child.stderr.resume();
  return child;
}

function say(child: ChildProcess, message: object): void {
  child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function closeOutput({ stdin, stdout }: ChildProcess): void {
  stdout?.destroy();
  stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "ping" })}\n`);
}

/** A driven agent as it is after its daemon has died: it has nobody who would report its end. */
async function orphan(room: Room, options?: string): Promise<ChildProcess> {
  const { home, up } = world;
  const credential = await machineCredential(home, up.url);
  if (credential === null) throw new Error("this is no machine");
  const machine = connect({ home, credential });
  const { _id: roomId, name: roomName } = await world.person.query(api.rooms.get, {
    room: room.name,
  });
  const { epoch: before } = await room.seat("builder");
  const event = { type: "restart_initiated" } as const;
  const seat = { room: roomId, role: "builder", epoch: before };
  const reply = await machine.mutate(api.participants.updateAgentStatus, { ...seat, event });
  await machine.close();
  const { epoch, agentSecret: secret = "" } = reply;
  const holder = { roomId, roomName, role: "builder", holderId: newHolderId(), epoch };
  await writeSeat(home, up.url, { ...holder, secret });
  const { PATH } = process.env;
  const place = { MUSTER_URL: up.url, MUSTER_HOME: home.root, HOME: home.root };
  const env = {
    PATH,
    ...place,
    ...compiledCode,
    MUSTER_ROOM: roomId,
    MUSTER_ROLE: "builder",
    NODE_OPTIONS: options,
  };
  const child = spawn(process.execPath, [AGENT_RUN, "--harness=works"], {
    cwd: room.workingDir,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  left.push(child);
  await room.until("builder", "ready");
  return child;
}

/** A room whose agent is wanted running, on a machine without a daemon. */
async function withoutDaemon(): Promise<Room> {
  await world.startDaemon();
  const room = await world.room({ builder: "works" });
  await room.until("builder", "ready");
  await stopDaemon(world.home);
  await room.until("builder", "offline");
  return room;
}

test("an agent without its daemon leaves its room by every exit, and leaves nothing that it has started", async () => {
  const room = await withoutDaemon();
  for (const { by, options, does, code } of EXITS) {
    const child = await orphan(room, options);
    await room.send("Mend the net");
    await room.until("builder", "working");
    does(child);
    const exit = await codeOf(child);
    const { agentStatus, reason } = await room.seat("builder");
    expect({ by, exit, agentStatus }).toEqual({
      by,
      exit: code === 1 ? 1 : 0,
      agentStatus: "offline",
    });
    expect(reason).toMatch(/^(its machine ended it|its process ended)$/);
    expect(await findMarked("MUSTER_HOME", world.home.root)).toEqual([]);
  }
  const stopped = await orphan(room);
  await room.order("stop", "builder");
  expect(await codeOf(stopped)).toBe(0);
  expect(await room.seat("builder")).toMatchObject({ agentStatus: "offline" });
  await room.order("start", "builder");
  const archived = await orphan(room);
  await room.send("Mend the sail");
  await room.until("builder", "working");
  await world.person.mutate(api.rooms.archive, { room: room.name });
  expect(await codeOf(archived)).toBe(0);
  const { agentStatus, reason } = await room.seat("builder");
  expect({ agentStatus, reason }).toEqual({
    agentStatus: "offline",
    reason: "its room was archived",
  });
});

test("an agent whose seat another process took ends with 6 and leaves nothing", async () => {
  const room = await withoutDaemon();
  const ousted = await orphan(room);
  const { home, up } = world;
  const seat = await vi.waitFor(async () => {
    const known = await readSeat(home, up.url, room.name, "builder");
    // The room hears of a join a moment before the seat file does.
    if (known === null || known.waiter?.pid !== ousted.pid)
      throw new Error("it has not sat down yet");
    return known;
  }, 20_000);
  const credential = seatCredential(seat, up.url);
  if (credential === null) throw new Error("there is no credential");
  const backend = connect({ home, credential });
  const { held } = await sitDown({
    home,
    backend,
    room: room.name,
    role: "builder",
    takeOver: true,
  });
  expect(await codeOf(ousted)).toBe(6);
  expect(await room.seat("builder")).toMatchObject({
    agentStatus: "ready",
    epoch: held.seat.epoch,
  });
  await held.leave("the test is over");
  await backend.close();
});
