import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import type { Step } from "./history-cycles.ts";

const { lists: functions } = anyApi;
const LISTS = 4;

type Snapshot = Record<string, string[]>;

/**
 * Connections that read and append to the lists of one round, one step after another, and one that watches them all. They go on
 * over crashes of the server until they are told to end; every step is noted with what its client was answered.
 */
export class Round {
  readonly lists: readonly string[];
  readonly steps: Step[] = [];
  /** The names of steps whose answer has come, in the order in which it did. */
  readonly acknowledged: string[] = [];
  readonly #random: () => number;
  readonly #watcher: ConvexClient;
  readonly #first = Promise.withResolvers<void>();
  readonly #ended: Promise<unknown>;
  #seen: (shown: Snapshot) => void = () => {};
  #views = 0;
  #over = false;

  constructor(url: string, number: number, connections: number, random: () => number) {
    this.lists = Array.from({ length: LISTS }, (_, at) => `${number}/${at}`);
    this.#random = random;
    this.#watcher = new ConvexClient(url, { logger: false });
    this.#watch();
    this.#ended = Promise.all(
      Array.from({ length: connections }, async (_, at) => {
        await this.#work(new ConvexClient(url, { logger: false }), `${number}.${at}`);
      }),
    );
  }

  async firstAcknowledgement(): Promise<void> {
    await this.#first.promise;
  }

  /** Begins nothing new; resolves when everything that was sent is answered, be it by a later process. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#ended;
  }

  /** Resolves when the watcher has been shown these lists. */
  async shown(final: Snapshot): Promise<void> {
    const isFinal = (snapshot: Snapshot) =>
      this.lists.every((list) => snapshot[list]?.length === final[list]?.length);
    const last = this.steps.findLast(({ name }) => name.includes("watcher"));
    if (last === undefined || !isFinal(last.reads as Snapshot)) {
      await new Promise<void>((resolve) => {
        this.#seen = (snapshot) => {
          if (isFinal(snapshot)) resolve();
        };
      });
    }
    await this.#watcher.close();
  }

  /** Each view is a step that only reads, and follows the one before: so a step backward or a torn view is a circle. */
  #watch(): void {
    let after: string | null = null;
    this.#watcher.onUpdate(
      functions!["snapshot"]!,
      { lists: [...this.lists] },
      (reads: Snapshot) => {
        const name = `watcher ${(this.#views += 1)}`;
        this.steps.push({ name, reads, appends: [], after });
        after = name;
        this.#seen(reads);
      },
    );
  }

  async #work(client: ConvexClient, prefix: string): Promise<void> {
    let after: string | null = null;
    for (let at = 0; !this.#over; at += 1) {
      const name = `${prefix}.${at}`;
      const some = () => this.lists.filter(() => this.#random() < 0.5);
      const [reads, appends] = [some(), some()];
      const args = { reads, appends, value: name };
      const answer = (await client.mutation(functions!["step"]!, args)) as Snapshot;
      this.steps.push({ name, reads: answer, appends, after });
      this.acknowledged.push(name);
      after = name;
      this.#first.resolve();
    }
    await client.close();
  }
}
