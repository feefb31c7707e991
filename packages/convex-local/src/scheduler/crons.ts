import type { Clock, RandomSource } from "../engine/clock.ts";
import type { CronSpec, CronState, Engine } from "../engine/engine.ts";
import { type Timetable, timetableOf } from "../engine/timetable.ts";
import type { LogListener } from "../wire/functions.ts";
import { storageBackoff } from "./backoff.ts";

interface Cron {
  readonly spec: CronSpec;
  readonly timetable: Timetable;
  state: CronState;
  failures: number;
  cancelTimer: () => void;
}

/**
 * Runs the crons of the functions folder. A new interval runs at once, a new date when it comes; an unchanged cron keeps its phase
 * across reloads and restarts; one cron never overlaps itself; whatever was missed meanwhile is made up for by one run.
 */
export class Crons {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #onLog: LogListener;
  readonly #unsubscribe: () => void;
  readonly #running = new Map<string, Promise<void>>();
  #crons = new Map<string, Cron>();
  #reconciling: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    engine: Engine,
    { clock, random, onLog }: { clock: Clock; random: RandomSource; onLog: LogListener },
  ) {
    this.#engine = engine;
    this.#clock = clock;
    this.#random = random;
    this.#onLog = onLog;
    this.#unsubscribe = engine.onReload(() => this.#reconcileSoon());
    this.#reconcileSoon();
  }

  /** Begins no further run and resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.abandon();
    await this.#reconciling;
    await Promise.all(this.#running.values());
  }

  /** The process dies. */
  abandon(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#disarm();
  }

  #reconcileSoon(): void {
    this.#reconciling = this.#reconciling
      .then(() => this.#reconcile())
      .catch((cause: unknown) => this.#onLog(`crons could not be stored: ${String(cause)}`));
  }

  /** Makes what is armed and stored equal to what `crons.ts` says. */
  async #reconcile(): Promise<void> {
    if (this.#stopped) return;
    const stored = this.#engine.system.cronStates();
    const crons = new Map<string, Cron>();
    const changes = new Map<string, CronState | null>();
    for (const spec of this.#engine.crons()) {
      const cron = this.#cronOf(spec, stored.get(spec.name));
      crons.set(spec.name, cron);
      if (cron.state !== stored.get(spec.name)) changes.set(spec.name, cron.state);
    }
    for (const name of stored.keys()) if (!crons.has(name)) changes.set(name, null);
    if (changes.size > 0) await this.#engine.system.saveCronStates(changes);
    this.#disarm();
    this.#crons = crons;
    for (const cron of crons.values()) this.#arm(cron);
  }

  #cronOf(spec: CronSpec, stored: CronState | undefined): Cron {
    const timetable = timetableOf(spec.schedule);
    const text = JSON.stringify([spec.path, spec.args, spec.schedule]);
    const state =
      stored?.spec === text ? stored : { spec: text, nextRun: this.#firstRun(timetable) };
    return { spec, timetable, state, failures: 0, cancelTimer: () => {} };
  }

  #firstRun(timetable: Timetable): number {
    const share = Buffer.from(this.#random.bytes(4)).readUInt32BE() / 2 ** 32;
    return timetable.first(this.#clock.now(), share);
  }

  #arm(cron: Cron, pause = 0): void {
    const { name } = cron.spec;
    // A run that is under way arms its cron again when it ends.
    if (this.#stopped || this.#running.has(name) || this.#crons.get(name) !== cron) return;
    cron.cancelTimer();
    const delay = Math.max(cron.state.nextRun - this.#clock.now(), pause, 0);
    cron.cancelTimer = this.#clock.after(delay, () => this.#begin(cron));
  }

  #begin(cron: Cron): void {
    if (this.#clock.now() < cron.state.nextRun) {
      this.#arm(cron);
      return;
    }
    this.#running.set(cron.spec.name, this.#runOnce(cron));
  }

  async #runOnce(cron: Cron): Promise<void> {
    const { name } = cron.spec;
    const pause = await this.#run(cron);
    this.#running.delete(name);
    // A reload may have replaced the cron meanwhile; with the same spec it goes on from this run.
    const latest = this.#crons.get(name);
    if (latest === undefined) return;
    if (latest.state.spec === cron.state.spec) latest.state = cron.state;
    this.#arm(latest, pause);
  }

  /** Resolves to the pause before another try, 0 unless storage failed. */
  async #run(cron: Cron): Promise<number> {
    const { spec, timetable, state } = cron;
    const next = { ...state, nextRun: timetable.next(state.nextRun, this.#clock.now()) };
    try {
      await this.#engine.system.runCron(spec, next);
      cron.state = next;
      cron.failures = 0;
      return 0;
    } catch (cause) {
      this.#onLog(`cron "${spec.name}" could not run: ${String(cause)}`);
      return storageBackoff(cron.failures++);
    }
  }

  #disarm(): void {
    for (const cron of this.#crons.values()) cron.cancelTimer();
  }
}
