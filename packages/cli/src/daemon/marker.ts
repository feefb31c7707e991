import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { isAbsent, lookAt, ProcessUnknown } from "../process-identity.ts";
import type { ProcessIdentity } from "../process-identity.ts";

/** Carried in the environment of an agent and so of everything that it starts, in whatever process group. */
export const AGENT_MARKER = "MUSTER_AGENT_MARKER";
/** Carried by everything that one turn of a harness starts. */
export const TURN_MARKER = "MUSTER_TURN_MARKER";

/** A fresh mark that no other process carries. It is no secret: it only tells processes apart. */
export function newMarker(): string {
  return randomBytes(12).toString("hex");
}

/**
 * All living processes of this user whose environment says `variable=value`, the caller itself excepted.
 * @throws ProcessUnknown if one could not be looked at: no answer is not the same as nobody
 */
export async function findMarked(variable: string, value: string): Promise<ProcessIdentity[]> {
  const wanted = `${variable}=${value}`;
  const pids = (await allPids()).values();
  const found: ProcessIdentity[] = [];
  const lookOn = async () => {
    for (const pid of pids) {
      if (pid === process.pid || !(await environmentOf(pid)).includes(wanted)) continue;
      const identity = await lookAt(pid);
      if (identity !== null) found.push(identity);
    }
  };
  await Promise.all(Array.from({ length: EYES }, lookOn));
  return found;
}

/** How many processes are looked at at once: each takes a file handle, and a computer may have thousands. */
const EYES = 8;

async function allPids(): Promise<number[]> {
  try {
    return (await readdir("/proc")).map(Number).filter((pid) => Number.isInteger(pid));
  } catch (cause) {
    throw new ProcessUnknown("The processes of this computer could not be listed.", { cause });
  }
}

/**
 * What the process was started with; nothing for one that is gone, and for another user's, which cannot be ours.
 * @throws ProcessUnknown
 */
export async function environmentOf(pid: number): Promise<string[]> {
  try {
    return (await readFile(`/proc/${pid}/environ`, "latin1")).split("\0");
  } catch (cause) {
    if (isAbsent(cause) || isForeign(cause)) return [];
    throw new ProcessUnknown(`Process ${pid} could not be looked at.`, { cause });
  }
}

function isForeign(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EACCES" || code === "EPERM";
}
