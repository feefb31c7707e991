/** The entry of a thread that runs queries: it reads one snapshot of the database after the other and writes nothing. */
import { parentPort, workerData } from "node:worker_threads";
import { Guard } from "../../realm/guard.ts";
import { MemoryFiles } from "../../storage/file-store.ts";
import { openSqliteToFollow } from "../../storage/sqlite.ts";
import { Store } from "../../storage/store.ts";
import { ActionModules } from "../action-modules.ts";
import { Catalog } from "../catalog.ts";
import { systemClock as clock, systemRandom as random } from "../clock.ts";
import type { QueryCall } from "../engine.ts";
import { Files } from "../files.ts";
import { Functions } from "../functions.ts";
import { Cursors, secretIn } from "../query/cursor.ts";
import { QueryRunner } from "../query-runner.ts";
import { SigningKey } from "../signing-key.ts";
import type { Snapshot } from "../snapshots.ts";
import { latestIn } from "../timeline.ts";
import { pack, type WorkerAnswer, type WorkerReport, type WorkerStart } from "./message.ts";

/** Milliseconds after which finished answers leave, though others are still to come. */
const REPORT_AFTER = 50;

const { database, realm, environment, timeout, baseUrl } = workerData as WorkerStart;
const driver = openSqliteToFollow(database);
driver.begin();
const store = new Store(driver);
const catalog = new Catalog(store);
const secret = secretIn(store) ?? new Uint8Array();
driver.rollback();
const guard = new Guard(timeout);
const noScript = { code: "", sourceMap: "" };
const actions = new ActionModules(noScript, database, environment, clock, {});
const bundle = { modules: [], realm, actions: noScript, inputs: [] };
const functions = new Functions(bundle, actions, environment, { clock, random, timeout });
const committer = { submit: () => Promise.reject(new Error("A query worker writes nothing.")) };
const filesParts = {
  store,
  catalog,
  committer,
  bytes: new MemoryFiles(),
  secret,
  clock,
  random,
  baseUrl: () => baseUrl,
};
const runner = new QueryRunner({
  cursors: new Cursors(secret),
  files: new Files(filesParts),
  signingKey: new SigningKey(store, () => baseUrl, random),
  clock,
  random,
  guard,
  functions: () => functions,
});

function tell(report: WorkerReport): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(report);
}

/** The answers to one request, as they come to be. */
class Answering {
  readonly #calls: readonly QueryCall[];
  readonly #snapshot: Snapshot;
  #done = 0;
  #answers: WorkerAnswer[] = [];
  #reportedAt = performance.now();

  constructor(calls: readonly QueryCall[], snapshot: Snapshot) {
    this.#calls = calls;
    this.#snapshot = snapshot;
  }

  /** One guard is for all of them. The one that is under way when it ends them is run again, with a time of its own. */
  run(): void {
    if (this.#calls.length === 1) this.#runNext();
    while (this.#done < this.#calls.length) {
      if (guard.within(() => this.#runAll()) !== undefined) continue;
      this.report(false);
      this.#runNext();
    }
  }

  report(isLast: boolean): void {
    const answers = this.#answers;
    this.#answers = [];
    this.#reportedAt = performance.now();
    tell({ answers, isLast });
  }

  #runAll(): void {
    while (this.#done < this.#calls.length) this.#runNext();
  }

  #runNext(): void {
    const { call, journal } = this.#calls[this.#done] as QueryCall;
    const startedAt = clock.now();
    const begun = performance.now();
    const outcome = runner.run(call, journal, this.#snapshot);
    const cost = performance.now() - begun;
    this.#answers.push(pack(outcome, { at: this.#done, startedAt, endedAt: clock.now(), cost }));
    this.#done += 1;
    if (performance.now() - this.#reportedAt > REPORT_AFTER) this.report(false);
  }
}

parentPort?.on("message", (calls: readonly QueryCall[]) => {
  driver.begin();
  const snapshot = { ts: latestIn(store), store, catalog };
  catalog.refreshIfGrown();
  const answering = new Answering(calls, snapshot);
  answering.run();
  driver.rollback();
  answering.report(true);
});
// The first sign of life: its functions are loaded.
tell({ answers: [], isLast: false });
