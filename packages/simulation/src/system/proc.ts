import { current } from "../machine/current.ts";
import { FileError } from "../machine/disk.ts";
import type { Process } from "../machine/process.ts";

// What Linux shows in /proc.

export function pids(): string[] {
  return [...current().host.processes.keys(), "self", "sys"].map(String);
}

/** Null for a path outside of /proc. */
export function read(path: string): string | null {
  if (!path.startsWith("/proc/")) return null;
  const { host } = current();
  if (path === "/proc/sys/kernel/random/boot_id") return `${host.bootId}\n`;
  const [, pid = "", file = ""] = /^\/proc\/(\d+)\/(\w+)$/.exec(path) ?? [];
  const process = host.find(Number(pid));
  if (process === undefined) throw new FileError("ENOENT", path);
  if (file === "stat") return statOf(process);
  if (file === "environ") return process.isAlive ? environmentOf(process) : "";
  throw new FileError("ENOENT", path);
}

function statOf(process: Process): string {
  const state = process.isZombie ? "Z" : process.isFrozen ? "T" : "S";
  const ticks = Math.floor(process.startedAt / 10) + 1;
  const between = Array.from({ length: 16 }, () => 0).join(" ");
  return `${process.pid} (node (main)) ${state} ${process.parent?.pid ?? 1} ${process.group} ${between} ${ticks} 0`;
}

function environmentOf({ start: { env } }: Process): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join("\0");
}

const open = new Map<number, string>();

export function opened(fd: number, path: string): void {
  open.set(fd, openPath(path) ?? path);
}

export function closed(fd: number): void {
  open.delete(fd);
}

/** The file behind /proc/PID/fd/N; null for any other path. */
export function openPath(path: string): string | null {
  const [, fd] = /^\/proc\/\d+\/fd\/(\d+)$/.exec(path) ?? [];
  return fd === undefined ? null : (open.get(Number(fd)) ?? null);
}
