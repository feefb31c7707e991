import { systemClock } from "../engine/clock.ts";

const forget = () => {};

/** Waits for the work to end, but no longer than `ms` of real time, since shutting down is about real sockets. */
export async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  let cancel = forget;
  const patience = new Promise<void>((resolve) => {
    cancel = systemClock.after(ms, resolve);
  });
  await Promise.race([work, patience]);
  cancel();
}
