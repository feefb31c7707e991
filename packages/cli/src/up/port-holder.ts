import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";

/** Who listens on a port, as far as this user may know. */
export interface PortHolder {
  readonly pid: number;
  readonly program: string;
}

/** The process that listens on `port` of this machine, or null if that cannot be found out. */
export async function holderOfPort(port: number): Promise<PortHolder | null> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return null;
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!(await holdsSocket(pid, inodes))) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return { pid: Number(pid), program: path.basename(command.split("\0")[0] ?? "") };
  }
  return null;
}

/** /proc/net/tcp: address and port in hexadecimal, then the state (0A listens), and the socket's inode. */
async function listeningInodes(port: number): Promise<Set<string>> {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set<string>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const table = await readFile(file, "utf8").catch(() => "");
    for (const line of table.split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const [local, state, inode] = [fields[1], fields[3], fields[9]];
      if (local?.endsWith(`:${wanted}`) === true && state === "0A" && inode !== undefined) {
        inodes.add(`socket:[${inode}]`);
      }
    }
  }
  return inodes;
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
    if (inodes.has(target)) return true;
  }
  return false;
}

/** `port` itself where it is free, else the next one in steps of ten; never `other`, and 0 (any) when there is none. */
export async function freePortFrom(port: number, other: number): Promise<number> {
  for (let candidate = port; candidate < 65_000; candidate += 10) {
    if (candidate !== other && (await isFree(candidate))) return candidate;
  }
  return 0;
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
