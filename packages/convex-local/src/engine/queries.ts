import type { Committer } from "./committer.ts";
import type { FunctionCall, QueryCall, QueryOutcome } from "./engine.ts";
import type { Gain } from "./gain.ts";
import { Overtaking } from "./overtaking.ts";
import type { QueryCosts } from "./query-costs.ts";
import { isWorthATrip, type Split, split, splitAll } from "./query-split.ts";
import type { QueryWorkers } from "./query-workers.ts";
import type { Runner } from "./runner.ts";
import type { ThreadLoad } from "./thread-load.ts";
import { unpack } from "./worker-message.ts";
import type { WorkerThread } from "./worker-thread.ts";

/** What it takes to have queries run elsewhere. */
export interface Sharing {
  readonly costs: QueryCosts;
  readonly workers: QueryWorkers;
  readonly gain: Gain;
  readonly load: ThreadLoad;
}

/** A batch that is shared: which thread runs which of the calls. */
interface Plan extends Split {
  readonly threads: readonly WorkerThread[];
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

  /** A query that is asked for alone, at a commit that is no older than the last one now. A promise rejects only at the close. */
  one(call: FunctionCall): QueryOutcome | Promise<QueryOutcome> {
    const thread = this.#threadFor(call);
    return thread === undefined ? this.#runner.query(call, null) : this.#runThere(call, thread);
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
    this.#sharing?.gain.add(plan.alone, performance.now() - begun + this.#costOf(again));
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

  async #runThere(call: FunctionCall, thread: WorkerThread): Promise<QueryOutcome> {
    const generation = this.#generation;
    const [outcome] = await this.#ask([{ call, journal: null }], thread);
    if (outcome !== undefined && generation === this.#generation) return outcome;
    if (this.#isClosed) throw new Error("The store is closed.");
    return this.#runner.query(call, null);
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

  /** A worker for a query that is asked for alone: if it takes long, and would have to wait here or make others wait. */
  #threadFor(call: FunctionCall): WorkerThread | undefined {
    if (this.#sharing === undefined) return undefined;
    const { workers, costs, load } = this.#sharing;
    const cost = costs.of(call.path);
    if (cost === undefined) return undefined;
    if (workers.areForced) return workers.idle()[0];
    if (!isWorthATrip(cost) || !load.isHigh) return undefined;
    const [thread] = workers.idle();
    if (thread === undefined) workers.miss(cost);
    return thread;
  }

  #costOf(calls: readonly QueryCall[]): number {
    const costs = this.#sharing?.costs;
    return calls.reduce((sum, { call }) => sum + (costs?.of(call.path) ?? 0), 0);
  }
}

function pick(calls: readonly QueryCall[], places: readonly number[]): QueryCall[] {
  return places.map((place) => calls[place] as QueryCall);
}
