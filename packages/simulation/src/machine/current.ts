import { running } from "./process.ts";
import type { Process } from "./process.ts";

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
