import { Caller } from "./bare-caller.ts";
import type { Figure, Run } from "./figure.ts";
import { figuresOf } from "./figure.ts";
import { keepBusy } from "./load.ts";
import { ServerProcess } from "./server-process.ts";
import { SyncLine } from "./sync-line.ts";

const QUERIES = 100;
const COMMITS = 30;
const OUTSTANDING = 16;
const ASKED = 1_000;
const room = "harbor";
const WORK = {
  newestTen: "of ten documents",
  newestFifty: "of fifty documents",
  longest: "over three hundred documents",
} as const;

/**
 * What one query worker brings: the same work on a runtime without and on one with it, by turns, as a ratio. Above 1 it is faster with
 * the worker.
 */
export async function measureQueryWorkers(runs: number): Promise<Figure[]> {
  await using without = await ServerProcess.runtime(0);
  await using withOne = await ServerProcess.runtime(1);
  const figures: Figure[] = [];
  for (const [name, work] of Object.entries(WORK)) {
    const path = `messages:${name}`;
    const watched = await ratios(runs, without, withOne, (server) => rerun(server, path));
    const asked = await ratios(runs, without, withOne, (server) => ask(server, path));
    figures.push(
      ...figuresOf(
        {
          work: `${QUERIES} queries ${work} run again after a commit: with a worker`,
          durable: true,
        },
        { faster: "" },
        watched,
      ),
      ...figuresOf(
        {
          work: `queries ${work} over HTTP, ${OUTSTANDING} outstanding: with a worker`,
          durable: null,
        },
        { faster: "" },
        asked,
      ),
    );
  }
  return figures;
}

/** Of the last message that was sent. */
let length = 100;

/** Once for warmth, in which the worker starts, then by turns. */
async function ratios(
  runs: number,
  without: ServerProcess,
  withOne: ServerProcess,
  measure: (server: ServerProcess) => Promise<number>,
): Promise<Run[]> {
  const found: Run[] = [];
  for (let run = -1; run < runs; run += 1) {
    const alone = await measure(without);
    const shared = await measure(withOne);
    if (run >= 0) found.push({ faster: alone / shared });
  }
  return found;
}

/** Milliseconds from a commit until the last of the queries that it concerns is answered, for all commits together. */
async function rerun(server: ServerProcess, path: string): Promise<number> {
  using caller = new Caller(server.url, OUTSTANDING);
  await caller.call("mutation", "messages:fill", { room, count: 300 });
  const watched = Array.from({ length: QUERIES }, (_, at) => ({
    path,
    args: { room, reader: `reader-${at}` },
  }));
  const line = await SyncLine.open(server.url, watched);
  const begun = performance.now();
  for (let commit = 0; commit < COMMITS; commit += 1) {
    const answered = line.nextAnswer();
    // Longer each time, so that every answer changes.
    const text = ".".repeat((length += 1));
    await caller.call("mutation", "messages:send", { room, text });
    await answered;
  }
  const took = performance.now() - begun;
  line.close();
  return took;
}

/** Milliseconds of many queries that are asked for side by side. */
async function ask(server: ServerProcess, path: string): Promise<number> {
  using caller = new Caller(server.url, OUTSTANDING);
  const begun = performance.now();
  await keepBusy({ outstanding: OUTSTANDING, count: ASKED }, async () => {
    await caller.call("query", path, { room });
  });
  return performance.now() - begun;
}
