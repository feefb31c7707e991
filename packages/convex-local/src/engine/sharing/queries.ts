import type { Committer } from "../committer.ts";
import type { FunctionCall, QueryCall, QueryOutcome } from "../engine.ts";
import type { Gain } from "./gain.ts";
import { Overtaking } from "./overtaking.ts";
import type { QueryCosts } from "./costs.ts";
import { isWorthATrip, type Split, split, splitAll } from "./split.ts";
import type { QueryWorkers } from "./workers.ts";
import type { Runner } from "../runner.ts";
import { unpack } from "./message.ts";
import type { WorkerThread } from "./thread.ts";

/** What it takes to have queries run elsewhere. */
export interface Sharing {
  readonly costs: QueryCosts;
  readonly workers: QueryWorkers;
  readonly gain: Gain;
}

/** A batch that is shared: which thread runs which of the calls. */
interface Plan extends Split {
  readonly threads: readonly WorkerThread[];
}

/** Somebody waits for it. */
interface Gathered {
  readonly asked: QueryCall;
  readonly resolve: (outcome: QueryOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** By the calls' places, an answer for each that has one. */
type Answers = (QueryOutcome | undefined)[];

/**
 * Runs queries in this thread or in workers, wherever they end first. What a worker answers is true at the commit that its snapshot
 * shows, which is no older than the last one when it was asked.
 */
export class Queries {
  readonly #runner: Runner;
  readonly #committer: Committer;
  readonly #sharing: Sharing | undefined;
  readonly #gathered: Gathered[] = [];
  /** Which functions serve: an answer of others is of no use. */
  #generation = 0;
  #isClosed = false;

  /** Without `sharing` everything runs in this thread, at once. */
  constructor(runner: Runner, committer: Committer, sharing: Sharing | undefined) {
    this.#runner = runner;
    this.#committer = committer;
    this.#sharing = sharing;
  }

  /**
   * Calls `use` once, now or when the workers are done, with answers that are all true at the commit that is then the last. What has
   * none is for the caller to run: storage failed, its worker was lost, other functions serve, or a commit has overtaken it.
   */
  prepare(calls: readonly QueryCall[], use: (answers: Answers) => void): void {
    const plan = this.#planOf(calls);
    if (plan === undefined) use(this.#runHere(calls));
    else void this.#share(calls, plan).then(use);
  }

  /** Milliseconds that a query has cost lately; zero if that is not known. */
  costOf(path: string): number {
    return this.#sharing?.costs.of(path) ?? 0;
  }

  /**
   * A query that is asked for alone, at a commit that is no older than the last one now. If it takes long, those that are asked for in
   * the same turn are shared. The promise rejects when storage failed and at the close.
   */
  one(call: FunctionCall): QueryOutcome | Promise<QueryOutcome> {
    if (!this.#isWorthATrip(call)) return this.#runner.query(call, null);
    const { promise, resolve, reject } = Promise.withResolvers<QueryOutcome>();
    this.#gathered.push({ asked: { call, journal: null }, resolve, reject });
    if (this.#gathered.length === 1) setImmediate(() => this.#shareGathered());
    return promise;
  }

  /** Other functions serve from now on, or other indexes are there. */
  renew(): void {
    this.#generation += 1;
    this.#sharing?.costs.forget();
    this.#sharing?.workers.dismiss();
  }

  /** Resolves when no worker is left. Whoever waited for one gets no answer. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sharing?.workers.close();
  }

  #planOf(calls: readonly QueryCall[]): Plan | undefined {
    if (this.#sharing === undefined) return undefined;
    const { workers, costs, gain } = this.#sharing;
    const each = calls.map(({ call }) => costs.of(call.path));
    if (workers.areForced) {
      const threads = workers.idle();
      const plan = splitAll(each, threads.length);
      return plan.there.length === 0 ? undefined : { ...plan, threads };
    }
    if (!gain.isLikely) return undefined;
    const threads = workers.idle();
    const plan = split(each, threads.length);
    workers.miss((split(each, threads.length + 1)?.spared ?? 0) - (plan?.spared ?? 0));
    return plan === undefined ? undefined : { ...plan, threads };
  }

  async #share(calls: readonly QueryCall[], plan: Plan): Promise<Answers> {
    const generation = this.#generation;
    const overtaking = new Overtaking(this.#committer);
    const begun = performance.now();
    const arriving = plan.there.map((places, at) =>
      this.#ask(pick(calls, places), plan.threads[at] as WorkerThread),
    );
    const own = this.#runHere(pick(calls, plan.here));
    const arrived = await Promise.all(arriving);
    overtaking.end();
    const answers: Answers = calls.map(() => undefined);
    if (generation !== this.#generation) return answers;
    const fill = (places: readonly number[], outcomes: Answers = []) => {
      for (const [at, place] of places.entries()) {
        const outcome = outcomes[at];
        if (outcome !== undefined && !overtaking.has(outcome)) answers[place] = outcome;
      }
    };
    fill(plan.here, own);
    for (const [at, places] of plan.there.entries()) fill(places, arrived[at]);
    const again = calls.filter((_call, at) => answers[at] === undefined);
    this.#sharing?.gain.add(plan.alone, performance.now() - begun + this.#costOfAll(again));
    return answers;
  }

  /** Storage failing is no answer either: whoever asks again meets it again, and is told. */
  #runHere(calls: readonly QueryCall[]): Answers {
    try {
      return this.#runner.queries(calls);
    } catch {
      return [];
    }
  }

  #shareGathered(): void {
    const gathered = this.#gathered.splice(0);
    const calls = gathered.map(({ asked }) => asked);
    const plan = this.#planOf(calls);
    const begun = performance.now();
    const arriving = plan?.there.map(async (places, at) => {
      const generation = this.#generation;
      const outcomes = await this.#ask(pick(calls, places), plan.threads[at] as WorkerThread);
      const isOfUse = generation === this.#generation;
      for (const [of, one] of pick(gathered, places).entries()) {
        this.#settle(one, isOfUse ? outcomes[of] : undefined);
      }
    });
    for (const one of plan === undefined ? gathered : pick(gathered, plan.here)) this.#settle(one);
    if (plan === undefined) return;
    void Promise.all(arriving ?? []).then(() =>
      this.#sharing?.gain.add(plan.alone, performance.now() - begun),
    );
  }

  /** What has no answer is run here. */
  #settle({ asked, resolve, reject }: Gathered, outcome?: QueryOutcome): void {
    if (outcome !== undefined) resolve(outcome);
    else if (this.#isClosed) reject(new Error("The store is closed."));
    else {
      try {
        resolve(this.#runner.query(asked.call, null));
      } catch (error) {
        reject(error);
      }
    }
  }

  /** A run counts, and is told, whatever becomes of its answer. */
  async #ask(calls: readonly QueryCall[], thread: WorkerThread): Promise<Answers> {
    const since = this.#committer.latestTs;
    const outcomes: Answers = calls.map(() => undefined);
    for (const answer of await thread.ask(calls)) {
      const { call } = calls[answer.at] as QueryCall;
      const outcome = unpack(answer);
      this.#sharing?.costs.add(call.path, answer.cost);
      this.#runner.ranElsewhere(call, outcome, answer);
      // Who was told of a commit must not be answered without it. A later snapshot is what a worker takes; this makes sure.
      if (outcome.ts >= since) outcomes[answer.at] = outcome;
    }
    return outcomes;
  }

  #isWorthATrip({ path }: FunctionCall): boolean {
    if (this.#sharing === undefined) return false;
    const { workers, costs } = this.#sharing;
    const cost = costs.of(path);
    return cost !== undefined && (workers.areForced || isWorthATrip(cost));
  }

  #costOfAll(calls: readonly QueryCall[]): number {
    return calls.reduce((sum, { call }) => sum + this.costOf(call.path), 0);
  }
}

function pick<T>(all: readonly T[], places: readonly number[]): T[] {
  return places.map((place) => all[place] as T);
}
