import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, percentile, repeat } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { ServerProcess } from "./server-process.ts";
import { openLines, SyncLine } from "./sync-line.ts";

const CLIENTS = 1_000;
const RETRY_MS = 50;

/** A thousand clients whose server is killed and started again; each tries again every 50 ms, sooner than the official client would. */
export async function measureHerd(runs: number): Promise<Figure[]> {
  await using server = await ServerProcess.runtime();
  const watch = async (at: number) =>
    await SyncLine.open(server.url, [{ path: "messages:newestTen", args: { room: `room-${at}` } }]);
  let lines = await openLines(CLIENTS, watch);
  const found = await repeat(runs, async () => {
    const gone = Promise.all(lines.map((line) => line.ended()));
    const restarted = server.restart("SIGKILL");
    await gone;
    const back: number[] = [];
    let answered = 0;
    const returning = lines.map(async (_, at) => {
      for (;;) {
        try {
          const line = await watch(at);
          back.push(performance.now());
          return line;
        } catch {
          await sleep(RETRY_MS * (0.5 + Math.random()));
        }
      }
    });
    await restarted;
    answered = performance.now();
    lines = await Promise.all(returning);
    const after = back.map((moment) => moment - answered);
    return { "99 %": percentile(after, 0.99), all: Math.max(...after) };
  });
  for (const line of lines) line.close();
  const work = `the runtime answers again → its ${CLIENTS.toLocaleString("en")} clients are subscribed again`;
  return figuresOf({ work, durable: null }, { "99 %": "ms", all: "ms" }, found);
}
