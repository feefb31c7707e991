import { HEARTBEAT_FILE, MAX_HEARTBEAT_FILE_BYTES } from "@muster/core/schedule/heartbeat-file";
import { constants } from "node:fs";
import type { BigIntStats } from "node:fs";
import { lstat, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { redact } from "./redact.ts";
import type { WorkingDirectory } from "./working-directory.ts";

/** What an agent's machine tells of its HEARTBEAT.md. A reason is one sentence; secrets are out of the text. */
export type FoundFile =
  | { readonly state: "read"; readonly text: string }
  | { readonly state: "missing" }
  | { readonly state: "unreadable"; readonly reason: string }
  | { readonly state: "too_large"; readonly bytes: number };

/** The file at one moment; whoever has changed it since has changed the mark. */
export interface Sight {
  readonly mark: string;
  /** A file that was written just now may be written again without another mark: look once more. */
  readonly settled: boolean;
  /** Reads it, as it is by then. */
  readonly read: () => Promise<FoundFile>;
}

/** The coarsest clock that file systems put on files. */
const SETTLED_MS = 2_000;

/** Never through a symlink, and never waiting for somebody to write into a pipe. */
const CAREFULLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Looks at the file in a directory that is held open, without opening it. */
export async function sightOf({ pinned }: WorkingDirectory): Promise<Sight> {
  const path = join(pinned, HEARTBEAT_FILE);
  const read = async () => await readAt(path);
  try {
    const seen = await lstat(path, { bigint: true });
    const settled = Date.now() - Number(seen.mtimeMs) > SETTLED_MS;
    return { mark: markOf(seen), settled, read };
  } catch (error) {
    if (!hasCode(error)) throw error;
    return { mark: error.code, settled: true, read };
  }
}

const markOf = ({ dev, ino, size, mode, mtimeNs, ctimeNs }: BigIntStats) =>
  [dev, ino, size, mode, mtimeNs, ctimeNs].join(" ");

async function readAt(path: string): Promise<FoundFile> {
  try {
    const handle = await open(path, CAREFULLY);
    try {
      return await contentOf(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!hasCode(error)) throw error;
    return notOpened(error.code);
  }
}

async function contentOf(handle: FileHandle): Promise<FoundFile> {
  const seen = await handle.stat();
  const { size } = seen;
  if (!seen.isFile()) return unreadable("is no plain file");
  if (size > MAX_HEARTBEAT_FILE_BYTES) return { state: "too_large", bytes: size };
  const bytes = await upTo(handle, MAX_HEARTBEAT_FILE_BYTES + 1);
  if (bytes.length > MAX_HEARTBEAT_FILE_BYTES) return { state: "too_large", bytes: bytes.length };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { state: "read", text: redact(text) };
  } catch {
    return unreadable("is not text in UTF-8");
  }
}

/** It may grow while it is read: no more than `most` bytes of it, whatever its size was. */
async function upTo(handle: FileHandle, most: number): Promise<Buffer> {
  const buffer = Buffer.alloc(most);
  let length = 0;
  while (length < most) {
    const { bytesRead } = await handle.read(buffer, length, most - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function notOpened(code: string): FoundFile {
  if (code === "ENOENT") return { state: "missing" };
  if (code === "ELOOP") return unreadable("is a symlink, and those are not followed");
  if (code === "EACCES" || code === "EPERM")
    return unreadable("may not be read by the machine's user");
  return unreadable(`cannot be read (${code})`);
}

const unreadable = (why: string): FoundFile => ({
  state: "unreadable",
  reason: `${HEARTBEAT_FILE} ${why}.`,
});

function hasCode(error: unknown): error is { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
