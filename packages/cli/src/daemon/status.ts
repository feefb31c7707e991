import { join } from "node:path";
import type { Timing } from "@muster/core";
import { readPrivateJson, writePrivateJson } from "../home.ts";
import type { Home } from "../home.ts";
import { lockHolder } from "./lock.ts";

/** The living daemon of this machine. */
export interface DaemonStatus {
  readonly pid: number;
  /** The backend that it serves; null while it starts. */
  readonly url: string | null;
  /** Null until the backend knows this machine. */
  readonly machineId: string | null;
  /** It ends its agents and then itself; nothing new may count on it. */
  readonly draining: boolean;
}

type Said = Omit<DaemonStatus, "pid" | "draining"> & {
  readonly draining?: true;
  /** The timing of its backend. */
  readonly timing?: Timing;
  /** It ends because of an error of its own. */
  readonly broken?: boolean;
};

/** What runs on this machine as its daemon, or null. Asks the lock, not a file that a dead daemon has left. */
export async function daemonStatus(home: Home): Promise<DaemonStatus | null> {
  const holder = await lockHolder(home);
  if (holder === null) return null;
  const said = await readPrivateJson(stateFile(home)).catch(() => null);
  const mine = said?.["pid"] === holder.pid ? said : null;
  return {
    pid: holder.pid,
    url: text(mine?.["url"]),
    machineId: text(mine?.["machineId"]),
    draining: mine?.["draining"] === true,
  };
}

/** The timing that its backend told this machine's daemon; null before the daemon has registered. */
export async function daemonTiming(home: Home): Promise<Timing | null> {
  const said = await readPrivateJson(stateFile(home)).catch(() => null);
  const timing = said?.["timing"];
  return typeof timing === "object" && timing !== null ? (timing as Timing) : null;
}

/** Whether the daemon that was process `pid` ended because it was asked to, or has lost its machine. */
export async function endedOnPurpose(home: Home, pid: number): Promise<boolean> {
  const said = await readPrivateJson(stateFile(home)).catch(() => null);
  return said?.["pid"] === pid && said["draining"] === true && said["broken"] !== true;
}

/** The daemon tells what it serves, for `daemonStatus`. */
export async function sayStatus(home: Home, said: Said): Promise<void> {
  await writePrivateJson(stateFile(home), { pid: process.pid, ...said });
}

function stateFile(home: Home): string {
  return join(home.daemon, "state.json");
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
