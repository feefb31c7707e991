import * as fc from "fast-check";
import { expect, test } from "vitest";
import { amountOf } from "../../../../scripts/amount.mjs";
import { mutate, open } from "../engine.ts";
import { play } from "./play.ts";
import { sequence } from "./sequence.ts";
import { convexLocal, DIFFERENTIAL, reference } from "./sides.ts";

/** More on demand: `DIFFERENTIAL_RUNS=100000`. A failure prints the seed to be tried again with. */
const RUNS = amountOf("DIFFERENTIAL_RUNS", process.env["DIFFERENTIAL_RUNS"], 500);

/** The first sequence on which the two differ, shrunk, or undefined. */
async function difference(numRuns: number, rerunMutations: number): Promise<string | undefined> {
  const engine = await open({ functions: DIFFERENTIAL, rerunMutations });
  const alike = fc.asyncProperty(sequence, async (turns) => {
    await mutate(engine, "steps:clear");
    const own = await play(convexLocal(engine), turns);
    expect(own).toEqual(await play(reference(), turns));
  });
  return await fc.asyncDefaultReportMessage(await fc.check(alike, { numRuns }));
}

test(
  `convex-local and convex-test answer ${RUNS} random sequences alike`,
  async () => {
    expect(await difference(RUNS, 0)).toBeUndefined();
  },
  60_000 + RUNS * 100,
);

test("they do so too when half of the mutations are run twice", async () => {
  expect(await difference(60, 0.5)).toBeUndefined();
});
