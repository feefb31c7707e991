import { current } from "../machine/current.ts";
import { FileError } from "../machine/disk.ts";
import * as kernel from "./proc.ts";

// Looking costs no time; what changes the disk does, and the process may be gone before or after it.

const WRITE_MS = 0.4;

async function change<T>(work: () => T): Promise<T> {
  const process = current();
  const { random } = process.host;
  return await process.later(random.between(0.02, WRITE_MS), work);
}

const disk = () => current().host.disk;

export async function readFile(path: string): Promise<string> {
  return await Promise.resolve(kernel.read(path) ?? disk().read(path));
}

export async function readdir(path: string): Promise<string[]> {
  return await Promise.resolve(path === "/proc" ? kernel.pids() : disk().list(path));
}

function stats(path: string) {
  const { kind, mode, size } = disk().look(path);
  return {
    mode,
    size,
    mtimeMs: size,
    isFile: () => kind === "file",
    isDirectory: () => kind === "directory",
  };
}

export async function lstat(path: string): Promise<ReturnType<typeof stats>> {
  return await Promise.resolve(stats(path));
}

export async function stat(path: string): Promise<ReturnType<typeof stats>> {
  return await lstat(path);
}

export async function access(path: string): Promise<void> {
  if (!current().host.programs.has(path)) disk().look(path);
  return await Promise.resolve();
}

export async function realpath(path: string): Promise<string> {
  const opened = kernel.openPath(path) ?? path;
  disk().look(opened);
  return await Promise.resolve(opened);
}

export async function mkdir(path: string, { mode = 0o777 }: { mode?: number } = {}): Promise<void> {
  await Promise.resolve(disk().makeDirectories(path, mode));
}

export async function writeFile(
  path: string,
  text: string,
  { flag = "w", mode = 0o666 }: { flag?: string; mode?: number } = {},
): Promise<void> {
  await change(() => disk().write(path, text, { exclusive: flag.includes("x"), mode }));
}

export async function rename(from: string, to: string): Promise<void> {
  await change(() => disk().rename(from, to));
}

export async function link(from: string, to: string): Promise<void> {
  await change(() => disk().link(from, to));
}

export async function unlink(path: string): Promise<void> {
  await change(() => disk().remove(path));
}

export async function rm(path: string, { force = false }: { force?: boolean } = {}): Promise<void> {
  await change(() => disk().remove(path)).catch((error: unknown) => {
    if (!(force && error instanceof FileError && error.code === "ENOENT")) throw error;
  });
}

let handles = 100;

export async function open(path: string, flag: string | number = "r", mode = 0o666) {
  const host = disk();
  if (typeof flag === "string" && flag !== "r") {
    await change(() => host.write(path, "", { exclusive: flag.includes("x"), mode }));
  } else if (host.look(path).kind === "file" && typeof flag === "number") {
    throw new FileError("ENOTDIR", path);
  }
  const fd = (handles += 1);
  kernel.opened(fd, path);
  return {
    fd,
    writeFile: async (text: string) =>
      await change(() => host.write(path, text, { exclusive: false, mode })),
    sync: async () => await change(() => host.sync(path)),
    close: async () => await Promise.resolve(kernel.closed(fd)),
  };
}

async function notSimulated(): Promise<never> {
  return await Promise.reject(new Error("No simulated program does this."));
}

export { notSimulated as copyFile, notSimulated as mkdtemp, notSimulated as readlink };
