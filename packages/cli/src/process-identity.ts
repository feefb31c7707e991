import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A pid alone may be anybody's by now; with the time at which it started it names one process for ever. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** Whether a process is there could not be found out: no file handle was free, `ps` could not be run … */
export class ProcessUnknown extends Error {}

/**
 * When the process with `pid` started, in a form that is only ever compared; null if there is no such process.
 * Linux: clock ticks since boot, with the boot's own id. Elsewhere: what `ps` says. @throws ProcessUnknown
 */
async function startTimeOf(pid: number): Promise<string | null> {
  return process.platform === "linux" ? await linuxStartTime(pid) : await startTimeByPs(pid);
}

async function startTimeByPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]);
    const text = stdout.trim();
    return text === "" ? null : text;
  } catch (cause) {
    // It ends with 1 when it finds none.
    if ((cause as { code?: unknown }).code === 1) return null;
    throw new ProcessUnknown(`Process ${pid} could not be looked at.`, { cause });
  }
}

async function linuxStartTime(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The program's name is in parentheses and may hold spaces; the fields after it are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X" || ticks === undefined) return null;
    return `${await bootId()}:${ticks}`;
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw new ProcessUnknown(`Process ${pid} could not be looked at.`, { cause });
  }
}

let boot: string | undefined;

/** Empty where the kernel has none. */
async function bootId(): Promise<string> {
  boot ??= await readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim(),
    (error: unknown) => {
      if (isAbsent(error)) return "";
      throw error;
    },
  );
  return boot;
}

/** Whether it says that the file of a process is not there, and so neither is the process. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ESRCH";
}

/** Null if there is no such process. @throws ProcessUnknown */
export async function lookAt(pid: number): Promise<ProcessIdentity | null> {
  const startTime = await startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

/** Null if there is no such process, or if that could not be found out. */
export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  return await lookAt(pid).catch(nullIfUnknown);
}

/** Whether the very process that was written down is known to live (a zombie does not). Ask before it gets a signal. */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  return (await startTimeOf(identity.pid).catch(nullIfUnknown)) === identity.startTime;
}

/** Whether the very process that was written down is known to be gone. Ask before something takes its place. */
export async function isGone(identity: ProcessIdentity): Promise<boolean> {
  try {
    return (await startTimeOf(identity.pid)) !== identity.startTime;
  } catch (error) {
    if (error instanceof ProcessUnknown) return false;
    throw error;
  }
}

function nullIfUnknown(error: unknown): null {
  if (error instanceof ProcessUnknown) return null;
  throw error;
}
