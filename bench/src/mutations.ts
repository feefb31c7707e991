import { anyApi } from "convex/server";
import { ConvexHttpClient } from "convex/browser";
import { another, api, newKey, signIn } from "./caller.ts";
import { figuresOf, repeat } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { keepBusy } from "./load.ts";
import { ServerProcess } from "./server-process.ts";
import { insertAlone } from "./sqlite-alone.ts";

const OUTSTANDING = 16;
const COUNT = 1_000;
const RATIO = "rate ÷ that of SQLite alone";
const UNITS = { rate: "/s", p50: "ms", p99: "ms" } as const;

/** Acknowledged mutations per second over HTTP: the product's own send, and the smallest there is beside SQLite alone. */
export async function measureMutations(runs: number): Promise<Figure[]> {
  return [...(await sends(runs)), ...(await inserts(runs))];
}

/** Identity, rights, a message, a task, an answer by its key: all in one room, whose order makes them queue up. */
async function sends(runs: number): Promise<Figure[]> {
  await using server = await ServerProcess.muster();
  const { client, token } = await signIn(server.url, server.secret("person"));
  const lanes = Array.from({ length: OUTSTANDING }, () => another(server.url, token));
  let rooms = 0;
  const found = await repeat(runs, async () => {
    rooms += 1;
    const room = `harbor-${rooms}`;
    await client.mutation(api.rooms.create, { name: room, team: ["planner"], key: newKey() });
    return await keepBusy({ outstanding: OUTSTANDING, count: COUNT }, async (lane) => {
      await lanes[lane]?.mutation(api.messages.send, {
        room,
        text: "Paint the boat.",
        key: newKey(),
      });
    });
  });
  const work = `messages.send into one room, ${OUTSTANDING} outstanding`;
  return figuresOf({ work, durable: true }, UNITS, found);
}

/** By turns with SQLite alone, so that a slow disk slows both; other work slows this more, which needs two processes. */
async function inserts(runs: number): Promise<Figure[]> {
  await using server = await ServerProcess.fixtures();
  const lanes = Array.from(
    { length: OUTSTANDING },
    () => new ConvexHttpClient(server.url, { logger: false }),
  );
  const send = anyApi["messages"]!["send"]!;
  const alone: Run[] = [];
  const found = await repeat(runs, async () => {
    const peer = insertAlone(COUNT);
    alone.push(peer);
    const run = await keepBusy({ outstanding: OUTSTANDING, count: COUNT }, async (lane, at) => {
      await lanes[lane]?.mutation(send, { room: "harbor", text: `message ${at}` });
    });
    return { ...run, [RATIO]: (run["rate"] ?? Number.NaN) / (peer["rate"] ?? Number.NaN) };
  });
  const peer = "beside: SQLite alone, one document and its index entries per transaction";
  const work = `a mutation that inserts one document, ${OUTSTANDING} outstanding`;
  return [
    ...figuresOf({ work: peer, durable: true }, UNITS, alone),
    ...figuresOf({ work, durable: true }, { ...UNITS, [RATIO]: "" }, found),
  ];
}
