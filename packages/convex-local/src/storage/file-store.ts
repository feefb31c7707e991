import { createHash } from "node:crypto";
import {
  createReadStream,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { makeDirectory, syncNames } from "./names.ts";

/** A stretch of a file's bytes; both ends belong to it. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface Received {
  readonly size: number;
  /** SHA-256, 32 bytes. */
  readonly digest: Buffer;
}

/** The bytes of stored files, by key (a UUID). What they are and whether they count is known to the database alone. */
export interface FileStore {
  /** Whole and on disk when it resolves. When it rejects, with FileTooLarge or what the body failed with, nothing is kept. */
  receive(key: string, body: AsyncIterable<Uint8Array>): Promise<Received>;
  /** The same at once, for a mutation that may not wait. Throws instead of rejecting. */
  write(key: string, bytes: Uint8Array): Received;
  readWhole(key: string): Buffer;
  /** All of it, or a range that lies within. */
  read(key: string, range?: ByteRange): Readable;
  /** What cannot be removed now is removed by the next sweep. */
  remove(key: string): void;
  /** Removes whatever is not in `known`: remains of a crash. */
  sweep(known: ReadonlySet<string>): void;
}

export const LARGEST_FILE = 1024 * 1024 * 1024;

/** More than this runtime takes as one file. */
export class FileTooLarge extends Error {
  override readonly name = "FileTooLarge";
}

/** Files in a directory of their own (0700, files 0600). */
export class DiskFiles implements FileStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    makeDirectory(directory);
  }

  /** A file gets its name only when all of it has been synced, and the name is synced too. */
  async receive(key: string, body: AsyncIterable<Uint8Array>): Promise<Received> {
    const unfinished = join(this.#directory, `.${key}`);
    const file = await open(unfinished, "wx", 0o600);
    try {
      const received = await measured(body, (chunk) => file.writeFile(chunk));
      await file.sync();
      await file.close();
      await rename(unfinished, this.#path(key));
      syncNames(this.#directory);
      return received;
    } catch (error) {
      await file.close();
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  write(key: string, bytes: Uint8Array): Received {
    const unfinished = join(this.#directory, `.${key}`);
    try {
      writeFileSync(unfinished, bytes, { flag: "wx", mode: 0o600, flush: true });
      renameSync(unfinished, this.#path(key));
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
    syncNames(this.#directory);
    return measuredAtOnce(bytes);
  }

  readWhole(key: string): Buffer {
    return readFileSync(this.#path(key));
  }

  read(key: string, range?: ByteRange): Readable {
    const ends = range === undefined ? {} : { start: range.first, end: range.last };
    return createReadStream(this.#path(key), ends);
  }

  remove(key: string): void {
    try {
      rmSync(this.#path(key), { force: true });
    } catch {
      // Nobody refers to it, so it does no harm until then.
    }
  }

  sweep(known: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#directory)) {
      if (!known.has(name)) this.remove(name);
    }
  }

  #path(key: string): string {
    return join(this.#directory, key);
  }
}

/** Files of a database in memory. */
export class MemoryFiles implements FileStore {
  readonly #files = new Map<string, Buffer>();

  async receive(key: string, body: AsyncIterable<Uint8Array>): Promise<Received> {
    const chunks: Uint8Array[] = [];
    const received = await measured(body, async (chunk) => void chunks.push(chunk));
    this.#files.set(key, Buffer.concat(chunks));
    return received;
  }

  write(key: string, bytes: Uint8Array): Received {
    this.#files.set(key, Buffer.from(bytes));
    return measuredAtOnce(bytes);
  }

  readWhole(key: string): Buffer {
    return this.#files.get(key) ?? Buffer.alloc(0);
  }

  read(key: string, range?: ByteRange): Readable {
    const bytes = this.#files.get(key) ?? Buffer.alloc(0);
    return Readable.from([
      range === undefined ? bytes : bytes.subarray(range.first, range.last + 1),
    ]);
  }

  remove(key: string): void {
    this.#files.delete(key);
  }

  sweep(known: ReadonlySet<string>): void {
    for (const key of this.#files.keys()) if (!known.has(key)) this.#files.delete(key);
  }
}

function measuredAtOnce(bytes: Uint8Array): Received {
  return { size: bytes.byteLength, digest: createHash("sha256").update(bytes).digest() };
}

async function measured(
  body: AsyncIterable<Uint8Array>,
  keep: (chunk: Uint8Array) => Promise<void>,
): Promise<Received> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST_FILE) {
      throw new FileTooLarge(`A file may have at most ${LARGEST_FILE} bytes.`);
    }
    hash.update(chunk);
    await keep(chunk);
  }
  return { size, digest: hash.digest() };
}
