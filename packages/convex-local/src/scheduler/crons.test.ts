import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openOnManualClock, query } from "../../test/engine.ts";
import type { ManualClock } from "../../test/manual-clock.ts";
import { systemRandom } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { Crons } from "./crons.ts";

const MINUTE = 60_000;

let clock: ManualClock;
let engine: Engine;
beforeEach(async () => {
  ({ clock, engine } = await openOnManualClock());
});

/** A patrol that takes so many minutes is to begin every ten. */
async function begin(minutes: number): Promise<void> {
  await reload({ PATROL_EVERY: "10", PATROL_TAKES: String(minutes) });
  const crons = new Crons(engine, { clock, random: systemRandom, onLog: () => {} });
  onTestFinished(async () => {
    crons.abandon();
    await clock.advance(60 * MINUTE);
  });
  await clock.advance(0);
}

/** The folder's modules are imported again. */
async function reload(environment: Record<string, string | null> = {}): Promise<void> {
  await engine.environment.set({ RELOADED_AT: String(clock.now()), ...environment });
}

const count = (what: "leaves" | "returns") =>
  (query(engine, "rooms:names") as string[]).filter((name) => name === `linus ${what}`).length;

test("a cron keeps its phase over a reload", async () => {
  await begin(0);
  expect(count("leaves")).toBe(1);
  await clock.advance(7 * MINUTE);
  await reload();
  await clock.advance(3 * MINUTE - 1);
  expect(count("leaves")).toBe(1);
  await clock.advance(1);
  expect(count("leaves")).toBe(2);
  await clock.advance(10 * MINUTE);
  expect(count("leaves")).toBe(3);
});

test("a cron whose schedule a reload has changed begins anew, one that is gone runs no more", async () => {
  await begin(0);
  await clock.advance(7 * MINUTE);
  await reload({ PATROL_EVERY: "4" });
  await clock.advance(0);
  expect(count("leaves")).toBe(2);
  await clock.advance(4 * MINUTE);
  expect(count("leaves")).toBe(3);
  await reload({ PATROL_EVERY: null });
  await clock.advance(30 * MINUTE);
  expect([count("leaves"), engine.system.cronStates().has("patrol")]).toEqual([3, false]);
});

test.each([false, true])(
  "a cron that takes longer than its interval does not overlap itself (reloaded meanwhile: %s)",
  async (isReloaded) => {
    await begin(25);
    for (let minute = 0; minute < 24; minute += 6) {
      if (isReloaded) await reload();
      await clock.advance(6 * MINUTE);
    }
    expect([count("leaves"), count("returns")]).toEqual([1, 0]);
    // Back at minute 25, it makes up for what it missed with one run.
    await clock.advance(MINUTE);
    expect([count("leaves"), count("returns")]).toEqual([2, 1]);
  },
);
