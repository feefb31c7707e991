import { Caller } from "./bare-caller.ts";
import { figuresOf, repeat } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { keepBusy } from "./load.ts";
import { ServerProcess } from "./server-process.ts";
import { SyncLine } from "./sync-line.ts";

const OUTSTANDING = 16;
const COUNT = 3_000;
const ROOMS = 100;
const COMMITS = 30;
const room = "harbor";

/**
 * Runs of a query that answers with ten documents: asked for one by one, and for subscriptions with arguments of their own that a commit
 * makes run again. The official HTTP client costs more than the query, so these requests are bare.
 */
export async function measureQueries(runs: number): Promise<Figure[]> {
  await using server = await ServerProcess.runtime();
  using caller = new Caller(server.url, OUTSTANDING);
  await caller.call("mutation", "messages:fill", { room, count: 100 });
  const asked = await repeat(
    runs,
    async () =>
      await keepBusy({ outstanding: OUTSTANDING, count: COUNT }, async () => {
        await caller.call("query", "messages:newestTen", { room });
      }),
  );
  const watched = Array.from({ length: ROOMS }, (_, at) => ({
    path: "messages:newestTen",
    args: { room, reader: `reader-${at}` },
  }));
  const line = await SyncLine.open(server.url, watched);
  const rerun = await repeat(runs, async () => {
    const before = (await server.calls()).query;
    const begun = performance.now();
    for (let commit = 0; commit < COMMITS; commit += 1) {
      const answered = line.nextAnswer();
      await caller.call("mutation", "messages:send", { room, text: "Paint the boat." });
      await answered;
    }
    const seconds = (performance.now() - begun) / 1_000;
    return { rate: ((await server.calls()).query - before) / seconds };
  });
  line.close();
  return [
    ...figuresOf(
      { work: `query of ten documents over HTTP, ${OUTSTANDING} outstanding`, durable: null },
      { rate: "/s", p50: "ms", p99: "ms" },
      asked,
    ),
    ...figuresOf(
      { work: `${ROOMS} different queries run again after each commit`, durable: true },
      { rate: "/s" },
      rerun,
    ),
  ];
}
