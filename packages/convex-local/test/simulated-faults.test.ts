import { makeFunctionReference } from "convex/server";
import { expect, test } from "vitest";
import { seeded } from "./seeded.ts";
import { SimulatedHome } from "./simulated-home.ts";
import type { SimulatedLine } from "./simulated-line.ts";

const append = makeFunctionReference<"mutation", { text: string }, number>("ledger:append");
const MINUTE = 60_000;
const STEPS = 60;

/** A client that goes on over closed sockets and dead servers, and sends again what was not answered. */
class Persistent {
  readonly acknowledged = new Set<number>();
  readonly #home: SimulatedHome;
  #line: SimulatedLine;
  #sent = 0;

  constructor(home: SimulatedHome) {
    this.#home = home;
    this.#line = home.connect();
    this.#line.watch(["ledger:texts", {}]);
  }

  step(): void {
    this.#hear();
    if (!this.#line.isOpen) {
      this.#line = this.#home.connect(this.#line.sessionId);
      this.#line.watch(["ledger:texts", {}]);
      for (let id = 0; id < this.#sent; id += 1) if (!this.acknowledged.has(id)) this.#send(id);
    }
    this.#send(this.#sent);
    this.#sent += 1;
  }

  /** What the subscription shows. */
  get shown(): unknown {
    this.#hear();
    return this.#line.messages
      .flatMap(({ modifications = [] }) => modifications)
      .findLast(({ type }) => type === "QueryUpdated")?.value;
  }

  #send(id: number): void {
    this.#line.mutate(id, "ledger:append", { text: `sent ${id}` });
  }

  #hear(): void {
    for (const { type, requestId, success } of this.#line.messages) {
      if (type === "MutationResponse" && success === true) this.acknowledged.add(requestId ?? -1);
    }
  }
}

test.each([1, 2, 3, 4])(
  "with a disk that fails and a process that dies now and then, everything is done once (seed %i)",
  async (seed) => {
    const random = seeded(seed);
    const rate = seed % 2 === 0 ? 0.002 : 0.01;
    const home = await SimulatedHome.open(seed, { rerunMutations: 0.1 });
    const client = new Persistent(home);
    const byHttp: string[] = [];
    home.disk.faults = () => {
      if (random() > rate) return null;
      return (
        (["fails", "full", "crashBefore", "crashAfter"] as const)[Math.floor(random() * 4)] ?? null
      );
    };
    for (let step = 0; step < STEPS; step += 1) {
      client.step();
      const text = `http ${step}`;
      void home
        .client()
        .mutation(append, { text })
        .then(
          () => byHttp.push(text),
          () => {},
        );
      await home.time.advance(random() * 5_000);
      while (!home.isUp) await home.restart().catch(() => {});
    }
    home.disk.faults = null;
    client.step();
    await home.time.advance(5 * MINUTE);
    const sent = home.texts.filter((text) => text.startsWith("sent "));
    expect(sent).toEqual(Array.from({ length: STEPS + 1 }, (_, id) => `sent ${id}`));
    expect(home.texts.filter((text) => byHttp.includes(text))).toEqual(byHttp);
    expect(client.shown).toEqual(home.texts);
    const states = home.deployment
      .documents("_scheduled_functions")
      .map((job) => (JSON.parse(job) as { state: { kind: string } }).state.kind);
    expect(new Set(states)).not.toContain("pending");
    expect(new Set(states)).not.toContain("inProgress");
    expect(home.log.length).toBeGreaterThan(0);
  },
);
