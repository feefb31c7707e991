import { ConvexHttpClient } from "convex/browser";
import { figuresOf, repeat, spread } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { newestTen, send } from "./runtime-calls.ts";
import { ServerProcess } from "./server-process.ts";
import { openLines, SyncLine } from "./sync-line.ts";

const COMMITS = 200;
const BURST = 100;
const room = "harbor";
const WATCHED = ["messages:newestTen", "messages:newestFifty", "messages:next"].map((path) => ({
  path,
  args: { room },
}));

/**
 * One change, N dashboards with three subscriptions each: from the call of the mutation to the last dashboard, how many queries ran for
 * it, and how many answers a second reach the dashboards when changes come without pause.
 */
export async function measureFanOut(runs: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const dashboards of [10, 100, 500]) figures.push(...(await fanOut(runs, dashboards)));
  return figures;
}

async function fanOut(runs: number, dashboards: number): Promise<Figure[]> {
  await using server = await ServerProcess.runtime();
  const client = new ConvexHttpClient(server.url, { logger: false });
  const change = async (at: number) => await client.mutation(send, { room, text: `line ${at}` });
  await change(0);
  const lines = await openLines(dashboards, () => SyncLine.open(server.url, WATCHED));
  const received = () => lines.reduce((sum, { answers }) => sum + answers, 0);
  const found = await repeat(runs, async () => {
    const before = (await server.calls()).query;
    const durations: number[] = [];
    for (let commit = 0; commit < COMMITS; commit += 1) {
      const begun = performance.now();
      const everybody = Promise.all(lines.map((line) => line.nextAnswer()));
      await change(commit);
      await everybody;
      durations.push(performance.now() - begun);
    }
    const ran = ((await server.calls()).query - before) / COMMITS;
    const seen = received();
    const begun = performance.now();
    for (let commit = 0; commit < BURST; commit += 1) await change(commit);
    const deliveries = (received() - seen) * WATCHED.length;
    const rate = (deliveries / (performance.now() - begun)) * 1_000;
    return { ...spread(durations), "query runs per change": ran, rate };
  });
  for (const line of lines) line.close();
  await client.query(newestTen, { room });
  const work = `one change → the last of ${dashboards} dashboards, 3 subscriptions each`;
  const units = { p50: "ms", p99: "ms", "query runs per change": "" } as const;
  const burst = `changes without pause, ${dashboards} dashboards: answers delivered`;
  return [
    ...figuresOf({ work, durable: true }, units, found),
    ...figuresOf({ work: burst, durable: true }, { rate: "/s" }, found),
  ];
}
