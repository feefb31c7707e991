import { spread } from "./figure.ts";
import type { Run } from "./figure.ts";

/** Milliseconds on the clock that all processes of this computer share. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** How long `work` took, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/**
 * Does `work` `count` times with `outstanding` of them under way at any moment. Answers the rate in completions per second
 * and each one's latency, in milliseconds. `lane` says which of the outstanding ones asks: 0 to `outstanding` - 1.
 */
export async function keepBusy(
  { outstanding, count }: { outstanding: number; count: number },
  work: (lane: number, at: number) => Promise<unknown>,
): Promise<Run> {
  const durations: number[] = [];
  let begun = 0;
  const busy = async (lane: number) => {
    while (begun < count) {
      const at = begun;
      begun += 1;
      durations.push(await timed(async () => await work(lane, at)));
    }
  };
  const lanes = Array.from({ length: outstanding }, (_, lane) => lane);
  const total = await timed(async () => await Promise.all(lanes.map(busy)));
  return { rate: (count / total) * 1_000, ...spread(durations) };
}
