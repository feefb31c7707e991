import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";

const { lists: functions } = anyApi;
/** Mutations that one connection has under way at once. */
const UNDER_WAY = 4;

type Lists = Readonly<Record<string, readonly string[]>>;

/**
 * Connections that append to a list each as fast as they are answered, over crashes of the server, until they are told to end; what
 * was sent and what was acknowledged is written down.
 */
export class Appenders {
  readonly lists: readonly string[];
  readonly #sent = new Set<string>();
  readonly #acknowledged = new Set<string>();
  readonly #ended: Promise<unknown>;
  #awaited: { readonly count: number; readonly resolve: () => void } | undefined;
  #over = false;

  constructor(url: string, round: number, connections: number) {
    this.lists = Array.from({ length: connections }, (_, at) => `${round}/appender/${at}`);
    this.#ended = Promise.all(
      this.lists.map((list) => this.#append(new ConvexClient(url, { logger: false }), list)),
    );
  }

  get acknowledged(): ReadonlySet<string> {
    return this.#acknowledged;
  }

  /** Resolves when so many appends have been acknowledged. */
  async reached(count: number): Promise<void> {
    if (this.#acknowledged.size >= count) return;
    await new Promise<void>((resolve) => {
      this.#awaited = { count, resolve };
    });
  }

  /** Begins nothing new; resolves when everything that was sent is answered. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#ended;
  }

  /** What is wrong with the lists: each acknowledged append is there once, each other one at most once, in the order of sending. */
  faultsOf(lists: Lists, acknowledged: ReadonlySet<string>): string[] {
    const found = this.lists.flatMap((list) => lists[list] ?? []);
    const present = new Set(found);
    const disordered = this.lists.filter((list) => !isAscending(lists[list] ?? []));
    return [
      ...[...acknowledged].filter((value) => !present.has(value)).map((value) => `lost: ${value}`),
      ...found.filter((value) => !this.#sent.has(value)).map((value) => `never sent: ${value}`),
      ...(found.length === present.size ? [] : [`${found.length - present.size} twice`]),
      ...disordered.map((list) => `out of order: ${list}`),
    ];
  }

  async #append(client: ConvexClient, list: string): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for (let at = 0; !this.#over; at += 1) {
      const value = `${list}/${at}`;
      this.#sent.add(value);
      const answered = this.#appendOne(client, list, value);
      underWay.add(answered);
      void answered.finally(() => underWay.delete(answered));
      if (underWay.size >= UNDER_WAY) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    await client.close();
  }

  async #appendOne(client: ConvexClient, list: string, value: string): Promise<void> {
    await client.mutation(functions!["append"]!, { list, value });
    this.#acknowledged.add(value);
    if (this.#awaited !== undefined && this.#acknowledged.size >= this.#awaited.count) {
      this.#awaited.resolve();
    }
  }
}

/** A connection's mutations run in the order in which it sent them. */
function isAscending(values: readonly string[]): boolean {
  const places = values.map((value) => Number(value.split("/").at(-1)));
  return places.every((place, at) => at === 0 || place > (places[at - 1] ?? Infinity));
}
