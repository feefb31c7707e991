import { ConvexHttpClient } from "convex/browser";
import { figuresOf, spread } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { send } from "./runtime-calls.ts";
import { ServerProcess } from "./server-process.ts";
import { openLines, SyncLine } from "./sync-line.ts";

const AGENTS = [10, 1_000, 10_000];
const WAKES = 300;

/**
 * Agents that wait, each on its own query by its own socket; work comes for one after the other. From the call of the mutation until that
 * one is told, and what each costs the server while it waits. The numbers take turns, ratios are to the fewest.
 */
export async function measureWaiting(runs: number): Promise<Figure[]> {
  const found: Run[][] = [];
  for (const agents of AGENTS) found.push(await waiting(runs, agents));
  const units = { p50: "ms", p99: "ms", "query runs per wake": "", "memory each": "KB" } as const;
  return AGENTS.flatMap((agents, at) => {
    const work = `work comes → its agent is told, ${agents.toLocaleString("en")} agents waiting`;
    return figuresOf({ work, durable: true }, units, found[at] ?? []);
  });
}

const room = (at: number): string => `room-${at}`;

async function waiting(runs: number, agents: number): Promise<Run[]> {
  await using server = await ServerProcess.runtime();
  const client = new ConvexHttpClient(server.url, { logger: false });
  await client.mutation(send, { room: "elsewhere", text: "warm" });
  const empty = server.memory();
  const lines = await openLines(agents, (at) =>
    SyncLine.open(server.url, [{ path: "messages:next", args: { room: room(at) } }]),
  );
  const each = ((server.memory() - empty) * 1_000) / agents;
  const all: Run[] = [];
  for (let run = 0; run < runs; run += 1) {
    const before = (await server.calls()).query;
    const durations: number[] = [];
    for (let wake = 0; wake < WAKES; wake += 1) {
      const at = (wake * 7_919) % agents;
      const told = lines[at]?.nextAnswer();
      const begun = performance.now();
      await client.mutation(send, { room: room(at), text: "Paint the boat." });
      await told;
      durations.push(performance.now() - begun);
    }
    const ran = ((await server.calls()).query - before) / WAKES;
    all.push({ ...spread(durations), "query runs per wake": ran, "memory each": each });
  }
  for (const line of lines) line.close();
  return all;
}
