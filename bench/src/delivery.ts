import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { api, newKey, signIn } from "./caller.ts";
import { figuresOf, repeat, spread } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { sharedNow } from "./load.ts";
import { ServerProcess } from "./server-process.ts";
import type { FromWaiter, ToWaiter } from "./waiter.ts";

const SENDS = 500;

/** From the call of `messages.send` to the acknowledged claim of an agent that waits in another process, one at a time. */
export async function measureDelivery(runs: number): Promise<Figure[]> {
  await using server = await ServerProcess.muster();
  const { client } = await signIn(server.url, server.secret("person"));
  const room = "harbor";
  await client.mutation(api.rooms.create, { name: room, team: ["planner"], key: newKey() });
  const waiter = new WaiterProcess();
  await waiter.begin({ url: server.url, secret: server.secret("person"), room });

  const deliver = async (): Promise<number> => {
    const claimed = waiter.next("claimed");
    const free = waiter.next("free");
    const sent = sharedNow();
    await client.mutation(api.messages.send, { room, text: "Paint the boat.", key: newKey() });
    const news = await claimed;
    await free;
    return news.kind === "claimed" ? news.at - sent : Number.NaN;
  };
  await deliver();
  const found = await repeat(runs, async () => {
    const durations: number[] = [];
    for (let send = 0; send < SENDS; send += 1) durations.push(await deliver());
    return spread(durations);
  });
  waiter.end();
  const work = `message sent → its agent in another process has claimed the task (${SENDS} sends, one at a time)`;
  return figuresOf({ work, durable: true }, { p50: "ms", p99: "ms" }, found);
}

/** The waiting agent's process and what it says. */
class WaiterProcess {
  readonly #child = fork(path.join(import.meta.dirname, "waiter.ts"), {
    execArgv: ["--no-warnings"],
  });

  async begin(task: ToWaiter): Promise<void> {
    const waiting = this.next("waiting");
    this.#child.send(task);
    await waiting;
  }

  /** The next news of this kind. Rejects if the process ends before. */
  async next(kind: FromWaiter["kind"]): Promise<FromWaiter> {
    const ended = new AbortController();
    const gone = once(this.#child, "exit", { signal: ended.signal }).then(() => {
      throw new Error("The waiter ended.");
    });
    gone.catch(() => undefined);
    try {
      for (;;) {
        const said = once(this.#child, "message", { signal: ended.signal });
        const [news] = (await Promise.race([said, gone])) as [FromWaiter];
        if (news.kind === kind) return news;
      }
    } finally {
      ended.abort();
    }
  }

  end(): void {
    this.#child.disconnect();
  }
}
