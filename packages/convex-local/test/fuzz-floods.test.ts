import { connect } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Neighbour } from "./fuzz-neighbour.ts";
import { serve } from "./serve.ts";
import { SyncSocket } from "./sync-socket.ts";

const MB = 1024 * 1024;

const add = (queryId: number, args: string) =>
  `{"type":"Add","queryId":${queryId},"udfPath":"messages:texts","args":[${args}]}`;
const modify = (additions: string) =>
  `{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[${additions}]}`;
const queries = (count: number) =>
  modify(Array.from({ length: count }, (_, at) => add(at, `{"room":"r${at % 3}"}`)).join());
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const say = (text: string) =>
  `{"type":"Mutation","requestId":0,"udfPath":"messages:send","args":[{"room":"mill","text":"${text}"}]}`;

const fatal = { type: "FatalError" };
const overload = { code: 1013, reason: "TooManyConcurrentRequests" };
const failed = { type: "MutationResponse", success: false };

describe("what is too much is refused, and the neighbour is served as before", () => {
  test.each<[string, readonly string[], object]>([
    ["a frame that ends nowhere", ["[".repeat(MB)], fatal],
    ["a frame beyond 20 MiB", ["x".repeat(21 * MB)], { code: 1009 }],
    ["arguments of far too many levels", [say("x").replace('"x"', nested(100_000))], failed],
    ["a watched query of far too many levels", [modify(add(0, nested(100_000)))], fatal],
    ["more queries than anyone watches", [queries(5_001)], fatal],
    ["a document beyond 1 MiB", [say("x".repeat(2 * MB))], failed],
    ["arguments beyond 16 MiB", [say("x".repeat(17 * MB))], failed],
    [
      "more frames than can be read in time",
      Array.from({ length: 12_000 }, () => say("x")),
      overload,
    ],
  ])("%s", async (_, frames, expected) => {
    const deployment = await serve();
    const ada = await Neighbour.join(deployment);
    const flood = await SyncSocket.open(deployment.url);
    for (const frame of frames) flood.raw(frame);
    const served = ada.carriesOn();
    expect(await ("code" in expected ? flood.closed : flood.take())).toMatchObject(expected);
    await served;
    await ada.carriesOn();
  });
});

test("many requests at once on one line are all answered, and the neighbour in between", async () => {
  const deployment = await serve();
  const ada = await Neighbour.join(deployment);
  const socket = await SyncSocket.open(deployment.url);
  for (let requestId = 0; requestId < 900; requestId += 1) {
    socket.mutate(requestId, "messages:send", { room: "mill", text: "x" });
  }
  const served = ada.carriesOn();
  const answered = new Set<unknown>();
  while (answered.size < 900) {
    const { type, requestId, success } = await socket.take();
    if (type === "MutationResponse") answered.add(success === true ? requestId : success);
  }
  await served;
  expect(answered.has(false)).toBe(false);
});

/** Sends bytes to a port and resolves when the other side has hung up, or answered and fallen silent. */
async function throwBytes(url: string, bytes: Uint8Array): Promise<void> {
  const { hostname, port } = new URL(url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    socket.resume();
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
}

const SHAKEN = [
  "GET /api/1.48.0/sync HTTP/1.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

test("bytes that are no HTTP and no WebSocket end their own line only", async () => {
  const lines: string[] = [];
  const deployment = await serve({ onLog: (line) => lines.push(line) });
  const ada = await Neighbour.join(deployment);
  const shaken = Buffer.from(
    `${[...SHAKEN, `Host: ${new URL(deployment.url).host}`].join("\r\n")}\r\n\r\n`,
  );
  const broken = fc.tuple(
    fc.constantFrom(shaken, Buffer.from("POST /api/query HTTP/1.1\r\n"), Buffer.alloc(0)),
    fc.uint8Array({ maxLength: 300 }),
  );
  await fc.assert(
    fc.asyncProperty(broken, async ([start, noise]) => {
      await throwBytes(deployment.url, Buffer.concat([start, noise]));
    }),
    { numRuns: 100 },
  );
  await ada.carriesOn();
  expect(lines.filter((line) => !line.startsWith("sync socket: "))).toEqual([]);
});
