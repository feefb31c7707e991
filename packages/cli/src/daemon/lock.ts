import { randomBytes } from "node:crypto";
import { link, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensurePrivateDir } from "../home.ts";
import type { Home } from "../home.ts";
import { identityOf, isGone } from "../process-identity.ts";
import type { ProcessIdentity } from "../process-identity.ts";

/** Another daemon of this machine is alive: leave it in peace, or ask it to stop. */
export class DaemonLockHeld extends Error {
  readonly holder: ProcessIdentity;

  constructor(holder: ProcessIdentity) {
    super(`this machine already has a daemon (process ${holder.pid})`);
    this.name = "DaemonLockHeld";
    this.holder = holder;
  }
}

export interface DaemonLock {
  /** Gives the lock up. Harmless if somebody else holds it by now. */
  release(): Promise<void>;
}

/** Where the lock of this home's daemon lies. */
export function lockFile(home: Home): string {
  return join(home.daemon, "lock.json");
}

/** The living daemon that holds the lock of `home`, or null. */
export async function lockHolder(home: Home): Promise<ProcessIdentity | null> {
  const holder = await readHolder(lockFile(home));
  return holder !== null && !(await isGone(holder)) ? holder : null;
}

/**
 * Makes this process the one daemon of `home`. Throws DaemonLockHeld while another one lives.
 * The lock of a dead process is taken over; of several that try at once, exactly one succeeds.
 */
export async function acquireLock(home: Home): Promise<DaemonLock> {
  const self = await identityOf(process.pid);
  if (self === null) throw new Error("this system does not tell when a process started");
  await ensurePrivateDir(home.daemon);
  const file = lockFile(home);
  await acquire(file, self);
  return { release: async () => await release(file, self) };
}

async function acquire(file: string, self: ProcessIdentity): Promise<void> {
  while (!(await created(file, self))) {
    const holder = await readHolder(file);
    if (holder !== null && !(await isGone(holder))) throw new DaemonLockHeld(holder);
    await removeStale(file, holder, self);
  }
}

async function release(file: string, self: ProcessIdentity): Promise<void> {
  if (isSame(await readHolder(file), self)) await unlink(file);
}

/** Creates the lock complete or not at all: nobody reads half a lock, and two never both create it. */
async function created(file: string, self: ProcessIdentity): Promise<boolean> {
  const draft = `${file}.${randomBytes(8).toString("hex")}`;
  await writeFile(draft, JSON.stringify(self), { flag: "wx", mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/**
 * Removes a dead holder's lock. Who may do so is settled by a lock of its own, named after the dead holder:
 * without it a slow cleaner would remove the fresh lock that a faster one has just created. That lock
 * follows the same rules, so a cleaner that dies half-way blocks nobody.
 */
async function removeStale(
  file: string,
  holder: ProcessIdentity | null,
  self: ProcessIdentity,
): Promise<void> {
  const name = holder === null ? "unreadable" : `${holder.pid}-${holder.startTime}`;
  const claim = `${file}.${encodeURIComponent(name)}`;
  await acquire(claim, self);
  try {
    if (isSame(await readHolder(file), holder)) await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  } finally {
    await release(claim, self);
  }
}

function isSame(one: ProcessIdentity | null, other: ProcessIdentity | null): boolean {
  return one?.pid === other?.pid && one?.startTime === other?.startTime;
}

/** Null for a lock that is missing or makes no sense; the latter is as good as a dead holder's. */
async function readHolder(file: string): Promise<ProcessIdentity | null> {
  try {
    const { pid, startTime } = JSON.parse(await readFile(file, "utf8")) as Partial<ProcessIdentity>;
    if (typeof pid !== "number" || typeof startTime !== "string") return null;
    return { pid, startTime };
  } catch {
    return null;
  }
}
