import { isSameProcess, ProcessUnknown } from "../process-identity.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import { findMarked } from "./marker.ts";

/** How often a process that was told to end is looked at. */
const LOOK_AGAIN_MS = 20;

export type Sleep = (ms: number) => Promise<void>;

/** Sends `signal` to every process of the group. False if nobody is left in it. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  // 0 and 1 would reach this process's own group or every process there is.
  return group > 1 && sent(-group, signal);
}

/**
 * Ends every process that carries the marker, in whatever group it hides, and comes back when none is left.
 * SIGKILL at once: their agent has ended already. What is born while we look is found by the next look.
 * Throws if a process survives `withinMs`, or if nobody can see by then whether one does: nothing may be started beside it.
 */
export async function endMarked(
  variable: string,
  value: string,
  { sleep, withinMs }: { sleep: Sleep; withinMs: number },
): Promise<void> {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const left = await look(variable, value);
    if (Array.isArray(left) && left.length === 0) return;
    if (waited > withinMs) throw notGone(left);
    for (const survivor of Array.isArray(left) ? left : []) {
      if (await isSameProcess(survivor)) sent(survivor.pid, "SIGKILL");
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

async function look(variable: string, value: string): Promise<ProcessIdentity[] | ProcessUnknown> {
  try {
    return await findMarked(variable, value);
  } catch (error) {
    if (error instanceof ProcessUnknown) return error;
    throw error;
  }
}

function notGone(left: ProcessIdentity[] | ProcessUnknown): Error {
  if (Array.isArray(left)) {
    const pids = left.map((survivor) => survivor.pid).join(", ");
    return new Error(`processes of an ended agent do not end: ${pids}`);
  }
  const why = left.cause instanceof Error ? left.cause.message : left.message;
  return new Error(`nobody can see whether processes of an ended agent are left: ${why}`, {
    cause: left,
  });
}

function sent(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
