import { type Clock, patienceOf } from "../engine/clock.ts";

const forget = () => {};

/** Waits for the work to end, but no longer than `ms`. */
export async function waitAtMost(ms: number, clock: Clock, work: Promise<unknown>): Promise<void> {
  let cancel = forget;
  const patience = new Promise<void>((resolve) => {
    cancel = patienceOf(clock).after(ms, resolve);
  });
  await Promise.race([work, patience]);
  cancel();
}
