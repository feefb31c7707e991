import { ConvexHttpClient } from "convex/browser";
import { percentile, spread } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { timed } from "./load.ts";
import { fill, newestFifty, send } from "./runtime-calls.ts";
import { ServerProcess } from "./server-process.ts";

const SIZES = [100, 10_000, 1_000_000];
const BATCH = 1_000;
const ROUNDS = 15;
const CALLS = 40;
const room = "harbor";

/**
 * A table of 10^2 to 10^6 documents in one room: the latest fifty, one more, and a start with it. The tables take turns, so that what else
 * the computer does slows all of them; figures are also told as their ratio to the smallest.
 */
export async function measureGrowth(runs: number): Promise<Figure[]> {
  const servers = await Promise.all(SIZES.map(() => ServerProcess.runtime()));
  const clients = servers.map(({ url }) => new ConvexHttpClient(url, { logger: false }));
  for (const [at, size] of SIZES.entries())
    for (let left = size; left > 0; left -= BATCH)
      await clients[at]?.mutation(fill, { room, count: Math.min(left, BATCH) });
  const read = await turns(
    runs,
    clients,
    async (client) => await client.query(newestFifty, { room }),
  );
  const write = await turns(runs, clients, async (client) => {
    await client.mutation(send, { room, text: "Paint the boat." });
  });
  const starts: number[][] = SIZES.map(() => []);
  for (let run = 0; run < runs; run += 1)
    for (const [at, server] of servers.entries()) {
      await server.restart("SIGKILL");
      starts[at]?.push(server.startedIn);
    }
  for (const server of servers) await server[Symbol.asyncDispose]();
  return SIZES.flatMap((size, at) => [
    ...figuresFor(`latest 50 of ${size.toLocaleString("en")} documents`, null, read, at),
    ...figuresFor(`one more document beside ${size.toLocaleString("en")}`, true, write, at),
    {
      work: `runtime, process start → it answers, ${size.toLocaleString("en")} documents, after kill -9`,
      metric: "took",
      unit: "ms",
      durable: null,
      values: starts[at] ?? [],
    },
  ]);
}

/** One run per size and repetition. */
async function turns(
  runs: number,
  clients: readonly ConvexHttpClient[],
  work: (client: ConvexHttpClient) => Promise<unknown>,
): Promise<Run[][]> {
  const found: Run[][] = clients.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    const durations: number[][] = clients.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [at, client] of clients.entries())
        for (let call = 0; call < CALLS; call += 1)
          durations[at]?.push(await timed(async () => await work(client)));
    const least = percentile(durations[0] ?? [], 0.5);
    for (const [at, taken] of durations.entries())
      found[at]?.push({ ...spread(taken), ratio: percentile(taken, 0.5) / least });
  }
  return found;
}

function figuresFor(work: string, durable: boolean | null, found: Run[][], at: number): Figure[] {
  const units = { p50: "ms", p99: "ms", ratio: "" } as const;
  return (["p50", "p99", "ratio"] as const).map((metric) => ({
    work,
    durable,
    metric: metric === "ratio" ? `p50 ÷ that of ${SIZES[0]}` : metric,
    unit: units[metric],
    values: (found[at] ?? []).map((run) => run[metric] ?? Number.NaN),
  }));
}
