import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A pid alone may be anybody's by now; with the time at which it started it names one process for ever. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/**
 * When the process with `pid` started, in a form that is only ever compared; null if there is no such process.
 * Linux: clock ticks since boot, with the boot's own id. Elsewhere: what `ps` says.
 */
async function startTimeOf(pid: number): Promise<string | null> {
  if (process.platform === "linux") return await linuxStartTime(pid);
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]);
    const text = stdout.trim();
    return text === "" ? null : text;
  } catch {
    return null;
  }
}

async function linuxStartTime(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    ]);
    // The program's name is in parentheses and may hold spaces; the fields after it are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X" || ticks === undefined) return null;
    return `${boot.trim()}:${ticks}`;
  } catch {
    return null;
  }
}

export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  const startTime = await startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

/** Whether the very process that was written down is still alive (a zombie is not). */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  return (await startTimeOf(identity.pid)) === identity.startTime;
}
