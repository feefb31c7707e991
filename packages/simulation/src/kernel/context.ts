import { AsyncLocalStorage } from "node:async_hooks";
import type { Process } from "../machine/process.ts";

const running = new AsyncLocalStorage<Process>();

/** The simulated process to which the running code belongs. */
export function currentOrNone(): Process | undefined {
  return running.getStore();
}

/** @throws when the running code belongs to no simulated process */
export function current(): Process {
  const process = running.getStore();
  if (process === undefined) throw new Error("This code runs in no simulated process.");
  return process;
}

/** Runs `work`, and all that follows from it, as a part of `process`. */
export function within<T>(process: Process, work: () => T): T {
  return running.run(process, work);
}
