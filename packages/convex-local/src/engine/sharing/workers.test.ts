import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test, vi } from "vitest";
import { ada, call, FIXTURE, mutate, open, temporaryDirectory } from "../../../test/engine.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { bundle } from "../../bundle/bundle.ts";
import { systemClock } from "../clock.ts";
import type { Engine, EngineOptions, FunctionCall, QueryOutcome } from "../engine.ts";
import { QueryRunner } from "../query-runner.ts";
import { QueryWorkers } from "./workers.ts";
import type { WorkerStart } from "./message.ts";
import { WorkerThread } from "./thread.ts";

/** An engine whose queries all run in workers, if they can. */
async function sharing(options: Partial<EngineOptions> = {}): Promise<Engine> {
  return await open({
    data: temporaryDirectory(),
    clock: systemClock,
    queryWorkers: 1,
    forceQueryWorkers: true,
    ...options,
  });
}

/** What a worker needs on this new data. */
async function startOf(data: string, timeout: number): Promise<WorkerStart> {
  await open({ data });
  const { realm } = await bundle(FIXTURE);
  return { database: join(data, "data.sqlite"), realm, environment: {}, timeout, baseUrl: "" };
}

function prepared(engine: Engine, calls: readonly FunctionCall[]) {
  return new Promise<readonly (QueryOutcome | undefined)[]>((resolve) => {
    engine.prepare(
      calls.map((one) => ({ call: one, journal: null })),
      resolve,
    );
  });
}

/** What a client may see of an outcome; ids of requests differ from run to run. */
function shown(outcome: QueryOutcome | undefined) {
  if (outcome === undefined) return undefined;
  const { text, logLines, ts, journal, observedIdentity, observedTime, bytesRead, reads } = outcome;
  const failure = outcome.success
    ? {}
    : { message: outcome.errorMessage.replace(/ID: \w+/, ""), data: outcome.errorData };
  const intervals = Array.from(reads.intervals(), ([index, list]) => [
    index,
    list.map(({ from, to }) => [Buffer.from(from), Buffer.from(to)]),
  ]);
  const observed = { observedIdentity, observedTime, bytesRead, intervals };
  return { text, logLines, ts, journal, ...observed, ...failure };
}

/** Watches what runs in this thread. */
function here() {
  const runs = vi.spyOn(QueryRunner.prototype, "run");
  onTestFinished(() => runs.mockRestore());
  return runs;
}

const slow = (name: string, turns = 5e7) => call("slow:find", { name, turns });
const find = (name: string) => call("rooms:find", { name });
const endless = call("realm:forever", { how: "sync" });

test("a worker answers as the engine's own thread does", async () => {
  const engine = await sharing({ queryWorkers: 2, env: { HARBOR: "north" } });
  const room = await mutate(engine, "rooms:create", { name: "Hafen \u{1f6a2} \u0000" });
  await mutate(engine, "messages:send", { room, text: "Paint the boat." });
  const page = { room, paginationOpts: { cursor: null, numItems: 1 } };
  const calls = [
    find("Hafen \u{1f6a2} \u0000"),
    call("rooms:get", { id: room }),
    call("rooms:names"),
    call("messages:list", { room }),
    call("messages:page", page),
    call("things:ordered"),
    call("realm:web"),
    call("realm:prints"),
    call("realm:throws"),
    call("realm:whoami", {}, { identity: ada }),
    call("realm:variable", { name: "HARBOR" }),
    call("realm:forever", { how: "never" }),
    call("rooms:find", { name: 7 }),
    call("rooms:create", { name: "harbor" }),
    call("rooms:missing"),
    call("rooms:names", {}, { caller: "client" }),
  ];
  const expected = calls.map((one) => shown(engine.query(one)));
  const runs = here();
  expect((await prepared(engine, calls)).map(shown)).toEqual(expected);
  // Those two that are no queries.
  expect(runs).toHaveBeenCalledTimes(2);
});

test("an answer that a commit has overtaken is not used, and one that it does not touch is", async () => {
  const engine = await sharing();
  await prepared(engine, [find("quay")]);
  for (let round = 0; ; round += 1) {
    const name = `room ${round}`;
    const answers = prepared(engine, [slow(name), find("quay")]);
    await mutate(engine, "rooms:create", { name });
    const [touched, untouched] = await answers;
    expect(untouched?.text).toBe("null");
    // The snapshot may have been taken after the commit, now and then.
    if (touched === undefined) return;
    expect(touched.text).toContain(name);
  }
});

test("a commit is durable and answered while queries run in a worker", async () => {
  const engine = await sharing({ timeout: 500 });
  await prepared(engine, [find("quay")]);
  const ends: string[] = [];
  const answers = prepared(engine, [endless, find("quay")]).then((outcomes) => {
    ends.push("queries");
    return outcomes;
  });
  await mutate(engine, "rooms:create", { name: "harbor" });
  ends.push("mutation");
  const [killed, other] = await answers;
  expect(ends).toEqual(["mutation", "queries"]);
  expect(other?.text).toBe("null");
  expect(killed).toMatchObject({
    errorMessage: expect.stringContaining("timed out: it may run for 500 ms") as string,
  });
});

test("whoever was told of a commit is answered with it", async () => {
  const engine = await sharing({ queryWorkers: 2 });
  const lanes = Array.from({ length: 4 }, (_, lane) => lane);
  const runs = here();
  const missed = await Promise.all(
    lanes.map(async (lane) => {
      const unseen: string[] = [];
      for (let at = 0; at < 20; at += 1) {
        const name = `room ${lane}.${at}`;
        await mutate(engine, "rooms:create", { name });
        const { text } = await engine.ask(find(name));
        if (!text.includes(name)) unseen.push(name);
      }
      return unseen;
    }),
  );
  expect(missed.flat()).toEqual([]);
  expect(runs.mock.calls.length).toBeLessThan(80);
});

test("a table that a mutation has made is there for the workers", async () => {
  const engine = await sharing();
  expect((await engine.ask(call("slow:undeclared"))).text).toBe("0");
  await mutate(engine, "things:putUndeclared");
  const runs = here();
  expect((await engine.ask(call("slow:undeclared"))).text).toBe("1");
  expect(runs).not.toHaveBeenCalled();
});

test("an answer of the functions before a reload is not used", async () => {
  const engine = await sharing({ queryWorkers: 2 });
  const variable = call("realm:variable", { name: "HARBOR" });
  expect((await engine.ask(variable)).text).toBe("null");
  const ran = new Promise<unknown>((resolve) => {
    engine.onRun(resolve);
  });
  const answers = prepared(engine, [endless, variable]);
  await ran;
  await engine.environment.set({ HARBOR: "north" });
  expect(await answers).toEqual([undefined, undefined]);
  const runs = here();
  expect((await engine.ask(variable)).text).toBe('"north"');
  expect(runs).not.toHaveBeenCalled();
});

test("what a worker was asked that fails is answered all the same", async () => {
  const lines: string[] = [];
  const engine = await sharing({ onLog: (line) => lines.push(line) });
  await mutate(engine, "rooms:create", { name: "harbor" });
  const asked = vi.spyOn(Worker.prototype, "postMessage");
  onTestFinished(() => asked.mockRestore());
  await engine.ask(find("harbor"));
  const worker = asked.mock.contexts[0] as Worker;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(null);
  expect((await engine.ask(find("harbor"))).text).toContain("harbor");
  expect(lines).toEqual([expect.stringMatching(/^a query worker ended \(.*null.*\)/)]);
  expect((await engine.ask(find("harbor"))).text).toContain("harbor");
});

test("a worker that says nothing for too long is given up", async () => {
  const clock = new ManualClock();
  const lost = vi.fn<(reason: string) => void>();
  const start = await startOf(temporaryDirectory(), 60_000);
  const thread = new WorkerThread(start, clock, lost);
  const answers = thread.ask([{ call: endless, journal: null }]);
  await vi.waitUntil(() => thread.isReady, { timeout: 20_000 });
  await clock.advance(63_000);
  expect(await answers).toEqual([]);
  expect(lost.mock.calls).toEqual([["it did not answer"]]);
  await thread.end();
});

test("each run is counted and told once, with its own times", async () => {
  const engine = await sharing();
  const told = vi.fn<Parameters<Engine["onRun"]>[0]>();
  engine.onRun(told);
  await prepared(engine, [call("realm:prints"), call("realm:throws"), slow("harbor")]);
  expect(engine.calls.counts().query).toBe(3);
  const [prints, throws, spins] = told.mock.calls.map(([run]) => run);
  expect(prints).toMatchObject({ path: "realm:prints", kind: "query", errorMessage: undefined });
  expect(prints?.logLines).toHaveLength(2);
  expect(throws?.errorMessage).toContain("no such role");
  expect(spins?.endedAt).toBeGreaterThan(spins?.startedAt ?? Infinity);
});

test("workers that wait keep no log from being emptied", async () => {
  const data = temporaryDirectory();
  const engine = await sharing({ data });
  await mutate(engine, "rooms:create", { name: "harbor" });
  await engine.ask(find("harbor"));
  await mutate(engine, "rooms:create", { name: "quay" });
  const database = new DatabaseSync(join(data, "data.sqlite"));
  onTestFinished(() => database.close());
  expect(database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toMatchObject({ busy: 0 });
});

test("long queries that are wanted together are shared once a worker has come", async () => {
  const engine = await sharing({ forceQueryWorkers: false });
  const calls = Array.from({ length: 6 }, (_, at) => slow(`room ${at}`, 2e7));
  const runs = here();
  let ran = calls.length;
  while (ran === calls.length) {
    runs.mockClear();
    // A turn, in which the worker may say that it is there.
    await new Promise(setImmediate);
    const answers = await prepared(engine, calls);
    expect(answers.map((answer) => answer?.text)).toEqual(calls.map(() => "null"));
    ran = runs.mock.calls.length;
  }
});

test("closing does not wait for a worker", async () => {
  const engine = await sharing();
  await engine.ask(find("harbor"));
  const answered = Promise.allSettled([engine.ask(endless)]);
  await engine.close();
  expect(await answered).toMatchObject([{ reason: { message: "The store is closed." } }]);
});

test("closing waits for the threads that a reload has dismissed", async () => {
  const start = await startOf(temporaryDirectory(), 5_000);
  const workers = new QueryWorkers({
    most: 1,
    areForced: true,
    clock: systemClock,
    mayRead: () => true,
    start: () => start,
    onLog: () => {},
  });
  const ended = vi.spyOn(Worker.prototype, "terminate");
  onTestFinished(() => ended.mockRestore());
  expect(workers.idle()).toHaveLength(1);
  workers.dismiss();
  await workers.close();
  // The id of a thread that is no more.
  expect(ended.mock.contexts.map((worker) => (worker as Worker).threadId)).toEqual([-1]);
});

test("a worker comes when it has been missed, and goes when it has nothing to do", async () => {
  const data = temporaryDirectory();
  const start = await startOf(data, 5_000);
  const clock = new ManualClock();
  const workers = new QueryWorkers({
    most: 1,
    areForced: false,
    clock,
    mayRead: () => true,
    start: () => start,
    onLog: () => {},
  });
  onTestFinished(() => workers.close());
  workers.miss(60);
  await clock.advance(2_000);
  workers.miss(60);
  expect(workers.idle()).toEqual([]);
  workers.miss(60);
  const [thread] = await vi.waitUntil(() => (workers.idle().length > 0 ? workers.idle() : false), {
    timeout: 20_000,
  });
  const answers = await thread?.ask([{ call: find("harbor"), journal: null }]);
  expect(answers).toMatchObject([{ end: "null" }]);
  await clock.advance(29_000);
  expect(workers.idle()).toEqual([thread]);
  await clock.advance(60_000);
  expect(workers.idle()).toEqual([]);
});

test("with data in memory, or a time of its own, an engine has none", async () => {
  for (const options of [{ data: ":memory:" }, { clock: { ...systemClock } }]) {
    const engine = await sharing(options);
    expect(engine.ask(find("harbor"))).not.toBeInstanceOf(Promise);
  }
});
