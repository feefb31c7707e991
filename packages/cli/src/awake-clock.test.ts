import { expect, test } from "vitest";
import { AwakeClock } from "./awake-clock.ts";

const MINUTE = 60_000;

const unending = async (_ms: number, signal?: AbortSignal): Promise<void> =>
  await new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));

/** A computer's clock that stands where it is put. */
function computer() {
  const time = { now: 1_000_000, random: () => 0.25 };
  const clock = new AwakeClock({ ...time, sleep: unending, now: () => time.now });
  const ending = new AbortController();
  const ticks = clock.tick(() => MINUTE, ending.signal);
  const stop = async () => {
    ending.abort();
    await ticks;
  };
  return { clock, stop, pass: (ms: number) => (time.now += ms) };
}

test("time that is lived counts", () => {
  const { clock, pass } = computer();
  const before = clock.now();
  for (let ticks = 0; ticks < 60; ticks += 1) {
    pass(1_000);
    clock.now();
  }
  expect(clock.now() - before).toBe(MINUTE);
});

test.each([MINUTE, 60 * MINUTE, 8 * 60 * MINUTE])(
  "a suspension of %d ms does not count, and is told once",
  (ms) => {
    const { clock, pass } = computer();
    const { waking } = clock;
    const before = clock.now();
    pass(ms);
    expect(clock.now()).toBe(before);
    expect(waking.aborted).toBe(true);
    expect(clock.waking.aborted).toBe(false);
  },
);

test("a computer's clock that is set back or forward moves nothing", () => {
  const { clock, pass } = computer();
  const before = clock.now();
  pass(-60 * MINUTE);
  expect(clock.now()).toBe(before);
  pass(60 * MINUTE);
  expect(clock.now()).toBe(before);
  pass(1_000);
  expect(clock.now()).toBe(before + 1_000);
});

test("without ticks nobody knows of a suspension, and time goes on as it does", async () => {
  const { clock, pass, stop } = computer();
  await stop();
  const before = clock.now();
  pass(MINUTE);
  expect(clock.now()).toBe(before + MINUTE);
});
