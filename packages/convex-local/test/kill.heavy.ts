import { setTimeout as sleep } from "node:timers/promises";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, test } from "vitest";
import { spawnDeployment } from "./deployment-process.ts";
import { scratch } from "./serve.ts";

const { messages } = anyApi;
const KILLS = 20;
const CONNECTIONS = 16;
const SEED = Number(process.env["MUSTER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** Mulberry32: the same seed, the same moments. Numbers from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sixteen connections that append one text after the other to a room of their round, until they are told to end. */
class Round {
  readonly room: string;
  readonly sent: string[] = [];
  readonly acknowledged: string[] = [];
  readonly #first = Promise.withResolvers<void>();
  readonly #ended: Promise<unknown>;
  #over = false;

  constructor(url: string, number: number) {
    this.room = `round ${number}`;
    const connections = Array.from({ length: CONNECTIONS }, async (_, at) => {
      await this.#append(new ConvexClient(url, { logger: false }), `${number}.${at}`);
    });
    this.#ended = Promise.all(connections);
  }

  async firstAcknowledgement(): Promise<void> {
    await this.#first.promise;
  }

  /** Sends nothing new; resolves when what was on its way has its answer, be it from a later process. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#ended;
  }

  async #append(client: ConvexClient, name: string): Promise<void> {
    for (let at = 0; !this.#over; at += 1) {
      const text = `${name}.${at}`;
      this.sent.push(text);
      await client.mutation(messages!["send"]!, { room: this.room, text });
      this.acknowledged.push(text);
      this.#first.resolve();
    }
    await client.close();
  }
}

test(`${KILLS} kills in the middle of ${CONNECTIONS} connections lose nothing acknowledged and repeat nothing`, async () => {
  console.log(`MUSTER_SEED=${SEED}`);
  const random = seeded(SEED);
  const data = scratch();
  let deployment = await spawnDeployment(data);
  const port = Number(new URL(deployment.url).port);
  const rounds: { readonly round: Round; readonly ended: Promise<void> }[] = [];
  const stored = async ({ room }: Round): Promise<string[]> =>
    await new ConvexHttpClient(deployment.url).query(messages!["texts"]!, { room });

  for (let number = 0; number < KILLS; number += 1) {
    const round = new Round(deployment.url, number);
    await round.firstAcknowledgement();
    await sleep(5 + Math.floor(random() * 496));
    await deployment.kill();
    const before = [...round.acknowledged];
    rounds.push({ round, ended: round.end() });
    deployment = await spawnDeployment(data, port);
    expect(await stored(round)).toEqual(expect.arrayContaining(before));
  }

  await Promise.all(rounds.map(async ({ ended }) => await ended));
  let total = 0;
  for (const { round } of rounds) {
    const texts = await stored(round);
    expect(texts.toSorted()).toEqual(round.sent.toSorted());
    expect(round.acknowledged.toSorted()).toEqual(round.sent.toSorted());
    total += texts.length;
  }
  console.log(`${total} appended, ${KILLS} kills, each once`);
});
