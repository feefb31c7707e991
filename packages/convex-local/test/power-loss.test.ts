import { expect, test } from "vitest";
import { amountOf, seedOf } from "../../../scripts/amount.mjs";
import { call, mutate, open, query, temporaryDirectory } from "./engine.ts";
import { afterPowerCut, layDown, RecordedDisk } from "./power-loss-disk.ts";
import type { Exposure, Files } from "./power-loss-disk.ts";
import { verdictOn } from "./power-loss-verdict.ts";
import { seeded } from "./seeded.ts";

const STATES = amountOf("MUSTER_STATES", process.env["MUSTER_STATES"], 240);
const SEED = seedOf(process.env);
const BATCHES = 40;

/** Batches of numbered writes, each with a request of its own, beside one message that always holds the last number. */
async function write(pragmas: string): Promise<readonly Exposure[]> {
  let sent = 0;
  let acknowledged = 0;
  const disk = new RecordedDisk(() => acknowledged, `${pragmas}; PRAGMA wal_autocheckpoint = 60`);
  const engine = await open({ data: temporaryDirectory(), openDriver: disk.openDriver });
  const room = await mutate(engine, "rooms:create", { name: "harbor" });
  const put = async () => {
    const value = (sent += 1);
    const request = { sessionId: "tab", requestId: value };
    await engine.mutation(call("things:put", { value }), request);
    acknowledged = value;
  };
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const puts = Array.from({ length: 1 + (batch % 5) }, put);
    const text = String(sent);
    await Promise.all([...puts, mutate(engine, "messages:edit", { room, seq: 1, text })]);
  }
  expect(query(engine, "things:ordered")).toHaveLength(sent);
  return disk.exposures;
}

interface State {
  readonly files: Files;
  readonly acknowledged: number;
}

function* states(exposures: readonly Exposure[], count: number, seed: number): Generator<State> {
  const random = seeded(seed);
  for (let at = 0; at < count; at += 1) {
    const exposure = exposures[Math.floor(random() * exposures.length)];
    if (exposure === undefined) return;
    yield { files: afterPowerCut(exposure, random), acknowledged: exposure.acknowledged };
  }
}

const isCheckpoint = ({ kept, written }: Exposure) => !kept.database.equals(written.database);
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

test(`after a power cut in any of ${STATES} states the database opens with everything acknowledged and nothing half (seed ${SEED})`, async () => {
  const exposures = await write("PRAGMA synchronous");
  expect(exposures.filter(isCheckpoint).length).toBeGreaterThan(3);
  const directory = temporaryDirectory();
  let at = 0;
  let unacknowledged = 0;
  for (const { files, acknowledged } of states(exposures, STATES, SEED)) {
    at += 1;
    layDown(directory, files);
    const { numbers, last, answered, faults } = verdictOn(directory);
    const found = { faults, numbers, answered };
    // Mutations are durable in the order in which they ran, each once and with its answer: a beginning of all that was sent.
    expect(found, `state ${at}`).toEqual({
      faults: [],
      numbers: upTo(numbers.length),
      answered: numbers,
    });
    expect(numbers.length, `state ${at}`).toBeGreaterThanOrEqual(acknowledged);
    expect(numbers.length - last, `state ${at}`).toBeLessThanOrEqual(5);
    if (numbers.length > acknowledged) unacknowledged += 1;
  }
  expect(unacknowledged).toBeGreaterThan(0);
});

test("an engine goes on from what a power cut left, and answers a repeated request as before", async () => {
  const exposures = await write("PRAGMA synchronous");
  for (const { files, acknowledged } of states(exposures, 8, SEED)) {
    const data = temporaryDirectory();
    layDown(data, files);
    const engine = await open({ data });
    for (const value of [acknowledged, acknowledged + 1].filter((one) => one > 0)) {
      const request = { sessionId: "tab", requestId: value };
      await engine.mutation(call("things:put", { value }), request);
    }
    const numbers = query(engine, "things:ordered") as number[];
    expect(numbers).toEqual(upTo(numbers.length));
    expect(numbers.length).toBeGreaterThan(acknowledged);
  }
});

test("the same with synchronous = NORMAL loses what was acknowledged: the states do bite", async () => {
  const exposures = await write("PRAGMA synchronous = NORMAL");
  const directory = temporaryDirectory();
  let lost = 0;
  for (const { files, acknowledged } of states(exposures, 60, SEED)) {
    layDown(directory, files);
    const { numbers, faults } = verdictOn(directory);
    expect(faults).toEqual([]);
    if (numbers.length < acknowledged) lost += 1;
  }
  expect(lost).toBeGreaterThan(10);
});
