import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { spawnDeployment } from "./deployment-process.ts";
import { scratch } from "./serve.ts";
import { SyncSocket } from "./sync-socket.ts";
import type { Transition } from "./sync-socket.ts";

const COMMITS = 5_000;
const AT_ONCE = 50;
const TEXT = 16_000;
/** Of 1 MB each. */
const UNREAD = 800;
/** In MB, of each kind; some 40 MB are measured after both. */
const FLOOD = 400;
const MB = 1024 * 1024;

/** What the process that holds this directory has in memory, in bytes. */
function memoryOf(data: string): number {
  const { pid } = JSON.parse(readFileSync(join(data, "holder.json"), "utf8")) as { pid: number };
  const [, kilobytes = "0"] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** The number of the newest message that a transition shows. */
function newestOf({ modifications }: Transition): number {
  const [newest = "0"] = (modifications[0]?.value ?? []) as string[];
  return Number(newest.split(" ", 1)[0]);
}

/** Reads transitions until the last message is seen; answers how many there were. */
async function readToEnd(socket: SyncSocket): Promise<number> {
  for (let count = 1; ;) {
    const message = await socket.take();
    if (message.type !== "Transition") continue;
    if (newestOf(message as Transition) === COMMITS) return count;
    count += 1;
  }
}

test(`a subscriber that never reads costs no memory over ${COMMITS} commits, and no one else a transition`, async () => {
  const data = scratch();
  const { url } = await spawnDeployment(data);
  const [stuck, reader, writer] = [
    await SyncSocket.open(url),
    await SyncSocket.open(url),
    await SyncSocket.open(url),
  ];
  for (const socket of [stuck, reader]) socket.watch([["messages:newest", { room: "harbor" }]]);
  await stuck.takeTransition();
  stuck.pause();
  const read = readToEnd(reader);

  const memory: number[] = [];
  for (let sent = 0; sent < COMMITS;) {
    const batch = Array.from({ length: AT_ONCE }, (_, at) => sent + at);
    for (const at of batch) {
      const text = `${at + 1} ${"x".repeat(TEXT)}`;
      writer.mutate(at, "messages:send", { room: "harbor", text });
    }
    for (let answered = 0; answered < AT_ONCE;) {
      if ((await writer.take()).type === "MutationResponse") answered += 1;
    }
    sent += AT_ONCE;
    if (sent % 1_000 === 0) memory.push(memoryOf(data));
  }

  const seen = await read;
  stuck.resume();
  const kept = await readToEnd(stuck);
  const grown = ((memory.at(-1) ?? 0) - (memory[0] ?? 0)) / MB;
  console.log(
    `${seen} transitions read, ${kept} kept for the stuck one, ${grown.toFixed(1)} MB grown since the first 1,000 commits`,
  );
  // 4,000 transitions of ten texts each would be 610 MB more. What one measures besides is SQLite's
  // cache (64 MB of pages) and a heap between two collections: 60 to 140 MB, as it falls.
  expect(grown).toBeLessThan((4_000 * 10 * TEXT) / MB / 2);
  expect(kept).toBeLessThan(COMMITS / 4);
});

test("a client that asks for much and reads nothing is cut off before it fills the memory", async () => {
  const data = scratch();
  const { url } = await spawnDeployment(data);
  const greedy = await SyncSocket.open(url);
  const before = memoryOf(data);
  greedy.pause();
  const value = "x".repeat(MB);
  for (let requestId = 0; requestId < UNREAD; requestId += 1) {
    greedy.send({ type: "Action", requestId, udfPath: "messages:echo", args: [{ value }] });
  }
  const ada = await SyncSocket.open(url);
  for (let requestId = 0; requestId < 200; requestId += 1) {
    ada.mutate(requestId, "messages:send", { room: "harbor", text: "still here" });
    for (;;) {
      const { type, success } = await ada.take();
      if (type !== "MutationResponse") continue;
      expect(success).toBe(true);
      break;
    }
  }
  const grown = (memoryOf(data) - before) / MB;
  console.log(`${grown.toFixed(1)} MB for ${UNREAD} answers of 1 MB that nobody reads`);
  expect(grown).toBeLessThan(UNREAD / 2);
  greedy.resume();
  expect((await greedy.closed).code).toBe(1006);
});

const pad = "x".repeat(MB);
/** Frames of 1 MB that say nothing a server could do. Each costs its sender the connection. */
const NONSENSE: readonly (string | Buffer)[] = [
  "[".repeat(MB),
  `{"type":"Semaphore","value":"${pad}"}`,
  `{"type":"ModifyQuerySet","baseVersion":7,"newVersion":"${pad}","modifications":[]}`,
  `{"type":"Authenticate","tokenType":"User","baseVersion":0,"value":"${pad}"}`,
  Buffer.alloc(MB, 0xff),
];
const TOO_LONG = "x".repeat(21 * MB);

test("floods of nonsense and of frames that are too long leave nothing in memory", async () => {
  const data = scratch();
  const { url } = await spawnDeployment(data);
  const ada = await SyncSocket.open(url);
  const say = async (requestId: number) => {
    ada.mutate(requestId, "messages:send", { room: "harbor", text: "still here" });
    while ((await ada.take()).type !== "MutationResponse");
  };
  const flood = async (frame: string | Buffer) => {
    const socket = await SyncSocket.open(url);
    socket.raw(frame);
    await socket.closed;
  };
  // A heap has grown to its size, and every path has been taken.
  for (const frame of [...NONSENSE, TOO_LONG]) await flood(frame);
  await say(0);
  const before = memoryOf(data);
  for (let round = 0; round < FLOOD / NONSENSE.length; round += 1) {
    await Promise.all(NONSENSE.map(flood));
    await say(round + 1);
  }
  const nonsense = (memoryOf(data) - before) / MB;
  for (let sent = 0; sent < FLOOD; sent += 20) await flood(TOO_LONG);
  await say(FLOOD);
  const all = (memoryOf(data) - before) / MB;
  console.log(
    `${nonsense.toFixed(1)} MB for ${FLOOD} MB of nonsense, ${all.toFixed(1)} MB with ${FLOOD} MB of frames too long`,
  );
  expect(nonsense).toBeLessThan(FLOOD / 2);
  expect(all).toBeLessThan(FLOOD / 2);
});
