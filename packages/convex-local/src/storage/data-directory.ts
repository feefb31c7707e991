import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EngineError } from "../engine/errors.ts";
import { APPLICATION_ID, FORMAT_VERSION, layOut } from "./format.ts";
import { makeDirectory, syncNames } from "./names.ts";
import { openSqlite } from "./sqlite.ts";

export interface DataDirectory {
  /** The database's path. */
  readonly database: string;
  /** Where stored files lie. */
  readonly files: string;
  /** Lets another process have the directory. */
  release(): void;
}

/**
 * Takes the data directory for this process, creating it (0700) if it is missing. Throws `data_held` with the holder's pid,
 * `database_newer` or `database_unreadable`; then nothing in the directory has been changed. The hold ends with the process,
 * however it dies.
 */
export function holdDataDirectory(path: string): DataDirectory {
  const database = databaseIn(path);
  refuseForeignDatabase(database);
  makeDirectory(path);
  const lock = takeLock(path);
  try {
    refuseForeignDatabase(database);
    chmodSync(path, 0o700);
    if (!existsSync(database)) createDatabase(database);
    writeFileSync(join(path, "holder.json"), JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  } catch (error) {
    letGo(lock);
    throw error;
  }
  return { database, files: filesIn(path), release: () => letGo(lock) };
}

/** The database within a data directory. */
export function databaseIn(directory: string): string {
  return join(directory, "data.sqlite");
}

/** The stored files within a data directory. */
export function filesIn(directory: string): string {
  return join(directory, "files");
}

/**
 * Throws `database_newer` or `database_unreadable` for what this version cannot read; a missing database passes. Reads the header
 * only: a database that is not ours, or not yet ours, must not be opened, let alone recovered.
 */
export function refuseForeignDatabase(path: string): void {
  const header = readHeader(path);
  if (header === undefined) return;
  const isOurs =
    header.length >= 100 &&
    header.toString("latin1", 0, 16) === "SQLite format 3\0" &&
    header.readUInt32BE(68) === APPLICATION_ID;
  const version = isOurs ? header.readUInt32BE(60) : 0;
  if (version === 0) {
    throw new EngineError(
      "database_unreadable",
      `${path} is not a database of this runtime, or it is damaged; it was left untouched. ${ELSEWHERE}`,
    );
  }
  if (version > FORMAT_VERSION) {
    throw new EngineError(
      "database_newer",
      `${path} was written by a newer version (format ${version}, this one reads up to ${FORMAT_VERSION}); it was left untouched. Use that version, or choose another data directory.`,
    );
  }
}

/**
 * What a failure of SQLite, or a stored row that is no JSON, is to somebody who opens the database at `path`; any other error is
 * answered as it is.
 */
export function asUnreadable(path: string, error: unknown): unknown {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code !== "ERR_SQLITE_ERROR" && !(error instanceof SyntaxError)) return error;
  return new EngineError(
    "database_unreadable",
    `${path} is damaged or cannot be read (${message}). ${ELSEWHERE}`,
    { cause: error },
  );
}

const ELSEWHERE =
  "Choose another data directory, or make one from a backup with `convex-local restore`.";

function readHeader(path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(path, error);
  }
  try {
    const header = Buffer.alloc(100);
    return header.subarray(0, readSync(file, header, 0, 100, 0));
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

function unreadable(path: string, cause: unknown): EngineError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why =
    code === "ENOTDIR"
      ? `${dirname(path)} is not a directory`
      : `${path} cannot be read (${message})`;
  return new EngineError("database_unreadable", `${why}. ${ELSEWHERE}`, { cause });
}

/** Nothing else may refer to a lock, and one that is collected is no lock any more. */
const held = new Set<DatabaseSync>();

/** A lock of the operating system, by way of SQLite: it cannot be left behind by a dead process. */
function takeLock(directory: string): DatabaseSync {
  const path = join(directory, "lock");
  createPrivately(path);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    held.add(lock);
    return lock;
  } catch (cause) {
    lock.close();
    const pid = holderOf(directory);
    const who = pid === undefined ? "another process" : `process ${pid}`;
    throw new EngineError(
      "data_held",
      `${directory} is in use by ${who}. Stop it first, or choose another data directory.`,
      pid === undefined ? { cause } : { cause, pid },
    );
  }
}

function letGo(lock: DatabaseSync): void {
  if (held.delete(lock)) lock.close();
}

function holderOf(directory: string): number | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(directory, "holder.json"), "utf8"));
    const pid = (holder as { pid?: unknown }).pid;
    return typeof pid === "number" ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Appears under its name only when it is whole: what stands there is either ours or to be left alone. */
function createDatabase(path: string): void {
  const unfinished = `${path}.new`;
  for (const ending of ["", "-wal", "-shm"]) rmSync(unfinished + ending, { force: true });
  createPrivately(unfinished);
  const driver = openSqlite(unfinished);
  layOut(driver);
  driver.close();
  renameSync(unfinished, path);
  syncNames(dirname(path));
}

/** SQLite gives its side files the mode of the file that it finds. */
function createPrivately(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}
