import { type EventLoopUtilization, performance } from "node:perf_hooks";

/** Milliseconds that it looks back at least. */
const WINDOW = 50;

/** How busy this thread is. */
export class ThreadLoad {
  #before: EventLoopUtilization = performance.eventLoopUtilization();
  #lookedAt = performance.now();
  #isHigh = false;

  /** Whether it has lately worked for more than half of the time, so that what it is asked for has to wait. */
  get isHigh(): boolean {
    const now = performance.now();
    if (now - this.#lookedAt < WINDOW) return this.#isHigh;
    const present = performance.eventLoopUtilization();
    this.#isHigh = performance.eventLoopUtilization(present, this.#before).utilization > 0.5;
    this.#before = present;
    this.#lookedAt = now;
    return this.#isHigh;
  }
}
