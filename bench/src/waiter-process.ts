import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { FromWaiter, ToWaiter } from "./waiter.ts";

/** The waiting agents' process and what it says. */
export class WaiterProcess implements Disposable {
  readonly #child = fork(path.join(import.meta.dirname, "waiter.ts"), {
    execArgv: ["--no-warnings"],
  });
  readonly #heard = new Map<string, PromiseWithResolvers<number>>();
  readonly #ended = once(this.#child, "exit").then((): never => {
    throw new Error("The waiters ended.");
  });

  constructor() {
    this.#ended.catch(() => undefined);
    this.#child.on("message", (message) => {
      const news = message as FromWaiter;
      this.#news(news.kind, news.kind === "waiting" ? "" : news.taskId).resolve(
        news.kind === "claimed" ? news.at : 0,
      );
    });
  }

  /** Resolves when all of them wait. */
  async begin(task: ToWaiter): Promise<void> {
    this.#child.send(task);
    await this.#next("waiting", "");
  }

  /** When the task's claim was acknowledged, on the shared clock. Rejects if the process ends before. */
  async claimed(taskId: string): Promise<number> {
    return await this.#next("claimed", taskId);
  }

  /** Resolves when the agent of the task is done with it and may get another. */
  async free(taskId: string): Promise<void> {
    await this.#next("free", taskId);
  }

  async #next(kind: FromWaiter["kind"], taskId: string): Promise<number> {
    const at = await Promise.race([this.#news(kind, taskId).promise, this.#ended]);
    this.#heard.delete(`${kind} ${taskId}`);
    return at;
  }

  /** It may be said before anybody asks, and asked before it is said. */
  #news(kind: FromWaiter["kind"], taskId: string): PromiseWithResolvers<number> {
    const name = `${kind} ${taskId}`;
    const known = this.#heard.get(name);
    if (known !== undefined) return known;
    const news = Promise.withResolvers<number>();
    this.#heard.set(name, news);
    return news;
  }

  [Symbol.dispose](): void {
    this.#child.disconnect();
  }
}
