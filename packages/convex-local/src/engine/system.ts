import type { JSONValue } from "convex/values";
import type { Actions } from "./actions.ts";
import { JOBS } from "./catalog.ts";
import type {
  CronSpec,
  CronState,
  FunctionCall,
  Outcome,
  ScheduledJob,
  SystemTables,
} from "./engine.ts";
import { TimedOut } from "./committer.ts";
import { DeveloperError } from "./failure.ts";
import { jobOf, type JobState, jobsIn, pathOfJob, setJobState } from "./jobs.ts";
import { Listeners } from "./listeners.ts";
import { asFailure, failed } from "./outcome.ts";
import type { Runner } from "./runner.ts";
import type { Transaction } from "./transaction.ts";

const DAY = 24 * 60 * 60 * 1000;
const ANSWERS_KEPT = 14 * DAY;
const JOBS_KEPT = 7 * DAY;
const MOST_PRUNED = 1000;

/** Scheduled functions and crons. The loops that decide when are above; here is what has to be one commit. */
export class System implements SystemTables {
  readonly #runner: Runner;
  readonly #actions: Actions;
  readonly #listeners = new Listeners();
  /** Taken by `runJob` and not over yet, though the store may still say pending. */
  readonly #taken = new Set<string>();
  /** Actions that have ended, while the store still says that they run: they are due until it could be told. */
  readonly #unended = new Map<string, { readonly job: ScheduledJob; readonly outcome: Outcome }>();

  constructor(runner: Runner, actions: Actions) {
    this.#runner = runner;
    this.#actions = actions;
    runner.parts.committer.onCommit(({ writes }) => {
      if (writes.some(({ index }) => index === `${JOBS}.by_due`)) this.#listeners.call();
    });
  }

  dueJobs(now: number, limit: number): ScheduledJob[] {
    const { store, catalog } = this.#runner.parts;
    const due = jobsIn(store, catalog, "pending", limit + this.#taken.size, now);
    return [...Array.from(this.#unended.values(), ({ job }) => job), ...due]
      .filter(({ id }) => !this.#taken.has(id))
      .slice(0, limit);
  }

  nextJobTime(): number | null {
    const { store, catalog } = this.#runner.parts;
    for (const { job } of this.#unended.values()) if (!this.#taken.has(job.id)) return 0;
    const pending = jobsIn(store, catalog, "pending", this.#taken.size + 1);
    return pending.find(({ id }) => !this.#taken.has(id))?.scheduledTime ?? null;
  }

  onJobs(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async runJob(id: string): Promise<Outcome | undefined> {
    if (this.#taken.has(id)) return undefined;
    this.#taken.add(id);
    try {
      const outcome = this.#unended.get(id)?.outcome ?? (await this.#runTaken(id));
      if (outcome !== undefined && this.#unended.has(id)) {
        await this.#inTransaction((transaction) => this.#end(transaction, id, outcome));
        this.#unended.delete(id);
      }
      return outcome;
    } finally {
      this.#taken.delete(id);
    }
  }

  /** What is not over in the store by then is among the unended. */
  async #runTaken(id: string): Promise<Outcome | undefined> {
    const started = await this.#startInTransaction(id);
    if (started === undefined || "success" in started) return started;
    const { path, args } = started;
    const outcome = await this.#actions.action(started, id);
    this.#unended.set(id, { job: { id, path, args, scheduledTime: 0 }, outcome });
    return outcome;
  }

  cronStates(): ReadonlyMap<string, CronState> {
    return this.#runner.parts.store.crons();
  }

  async saveCronStates(changes: ReadonlyMap<string, CronState | null>): Promise<void> {
    await this.#inTransaction(() => {
      for (const [name, state] of changes) this.#runner.parts.store.setCron(name, state);
    });
  }

  async runCron(cron: CronSpec, next: CronState): Promise<Outcome> {
    const call = callOf(cron.path, cron.args);
    const isAction = this.#runner.parts.functions().find(cron.path)?.kind === "action";
    try {
      const outcome = await this.#inTransaction((transaction) => {
        this.#runner.parts.store.setCron(cron.name, next);
        return isAction ? undefined : this.#mutate(transaction, call);
      });
      return outcome ?? (await this.#actions.action(call));
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      await this.saveCronStates(new Map([[cron.name, next]]));
      return this.#runner.killed(call);
    }
  }

  async prune(now: number): Promise<void> {
    const { store, catalog } = this.#runner.parts;
    await this.#inTransaction((transaction) => {
      store.dropAnswersBefore(now - ANSWERS_KEPT);
      for (const kind of ["success", "failed", "canceled"] as const) {
        for (const job of jobsIn(store, catalog, kind, MOST_PRUNED, now - JOBS_KEPT)) {
          if ((job.completedTime ?? 0) < now - JOBS_KEPT) {
            transaction.unbounded(() => transaction.remove(job.id));
          }
        }
      }
    });
  }

  /** Actions that ran when the process ended: whether they had their effects is not known, so they are not run again. */
  failInterrupted(transaction: Transaction): void {
    const { store, catalog } = this.#runner.parts;
    for (const { id } of jobsIn(store, catalog, "inProgress", Number.MAX_SAFE_INTEGER)) {
      setJobState(transaction, id, {
        kind: "failed",
        error: "Transient error while executing action",
      });
    }
  }

  /** A mutation that is killed ends its job, like one that throws. */
  async #startInTransaction(id: string): Promise<Outcome | FunctionCall | undefined> {
    try {
      return await this.#inTransaction((transaction) => this.#start(transaction, id));
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      return await this.#inTransaction((transaction) => {
        const job = jobOf(transaction, id);
        if (job === null) return undefined;
        const outcome = this.#runner.killed(callOf(pathOfJob(job), job.args[0]));
        this.#end(transaction, id, outcome);
        return outcome;
      });
    }
  }

  /** A mutation is run to its end; an action is marked and handed back. */
  #start(transaction: Transaction, id: string): Outcome | FunctionCall | undefined {
    const job = transaction.unbounded(() => jobOf(transaction, id));
    if (job?.state.kind !== "pending") return undefined;
    const call = callOf(pathOfJob(job), job.args[0]);
    if (this.#runner.parts.functions().find(call.path)?.kind === "action") {
      transaction.unbounded(() => setJobState(transaction, id, { kind: "inProgress" }));
      return call;
    }
    const outcome = this.#mutate(transaction, call, id);
    this.#end(transaction, id, outcome);
    return outcome;
  }

  /** Unless it was cancelled meanwhile. */
  #end(transaction: Transaction, id: string, outcome: Outcome): void {
    transaction.unbounded(() => {
      const kind = jobOf(transaction, id)?.state.kind;
      if (kind !== "pending" && kind !== "inProgress") return;
      const end: JobState = outcome.success
        ? { kind: "success" }
        : { kind: "failed", error: asFailure(outcome).message };
      setJobState(transaction, id, end);
    });
  }

  /** A failed mutation's writes are undone, what surrounds it stays. */
  #mutate(transaction: Transaction, call: FunctionCall, jobId?: string): Outcome {
    let failure: (Outcome & { success: false }) | undefined;
    try {
      return transaction.nested(() => {
        const outcome = this.#runner.mutate(transaction, call, jobId);
        if (outcome.success) return outcome;
        failure = outcome;
        throw new DeveloperError(outcome.errorMessage);
      });
    } catch (error) {
      return failure ?? failed(error, [], this.#runner.parts.random);
    }
  }

  async #inTransaction<T>(work: (transaction: Transaction) => T): Promise<T> {
    return (await this.#runner.parts.committer.submit(work)).value;
  }
}

function callOf(path: string, args: JSONValue): FunctionCall {
  return { path, args, identity: { kind: "none" }, caller: "internal" };
}
