import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { identityOf } from "../process-identity.ts";
import type { ProcessIdentity } from "../process-identity.ts";

/** Carried in the environment of an agent and so of everything that it starts, in whatever process group. */
export const AGENT_MARKER = "MUSTER_AGENT_MARKER";
/** Carried by everything that one turn of a harness starts. */
export const TURN_MARKER = "MUSTER_TURN_MARKER";

/** A fresh mark that no other process carries. It is no secret: it only tells processes apart. */
export function newMarker(): string {
  return randomBytes(12).toString("hex");
}

/** All living processes of this user whose environment says `variable=value`, the caller itself excepted. */
export async function findMarked(variable: string, value: string): Promise<ProcessIdentity[]> {
  const wanted = `${variable}=${value}`;
  const pids = (await readdir("/proc")).map(Number).filter((pid) => Number.isInteger(pid));
  const found = await Promise.all(
    pids.map(async (pid) => {
      if (pid === process.pid) return null;
      return (await environmentOf(pid)).includes(wanted) ? await identityOf(pid) : null;
    }),
  );
  return found.filter((identity) => identity !== null);
}

/** What the process was started with. Another user's process cannot be read: then nothing is known of it. */
export async function environmentOf(pid: number): Promise<string[]> {
  try {
    return (await readFile(`/proc/${pid}/environ`, "latin1")).split("\0");
  } catch {
    return [];
  }
}
