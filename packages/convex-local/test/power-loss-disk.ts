import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreDriver } from "../src/storage/driver.ts";
import { openSqlite } from "../src/storage/sqlite.ts";

/** What disks write whole or not at all. */
const SECTOR = 512;
/** The log's header, which SQLite syncs before it writes anything behind it. */
const HEADER = 32;
const EMPTY: Files = { database: Buffer.alloc(0), log: Buffer.alloc(0) };

/** The content of a database's two files. The third one, shared memory, does not outlive a power cut. */
export interface Files {
  readonly database: Buffer;
  readonly log: Buffer;
}

/** While this lasted, a power cut would have kept `kept` and any part of what `written` has on top of it. */
export interface Exposure {
  readonly kept: Files;
  readonly written: Files;
  /** What a power cut at any moment of it has to leave in place. */
  readonly acknowledged: number;
}

/**
 * Notes, commit by commit, what of the database's files a power cut could take: everything since the last sync. When SQLite
 * syncs follows from the connection's own `PRAGMA synchronous`: FULL syncs the log in every commit, NORMAL only before and after
 * a checkpoint. A checkpoint writes the database only after the log is synced.
 */
export class RecordedDisk {
  readonly exposures: Exposure[] = [];
  readonly #acknowledged: () => number;
  readonly #pragmas: string;
  #kept: Files = EMPTY;
  #last: Files = EMPTY;

  /** `acknowledged`: how many writes were answered so far; `pragmas` are run on the driver's connection. */
  constructor(acknowledged: () => number, pragmas: string) {
    this.#acknowledged = acknowledged;
    this.#pragmas = pragmas;
  }

  readonly openDriver = (path: string): StoreDriver => {
    const real = openSqlite(path);
    real.exec(this.#pragmas);
    const isFull = Number(real.prepare("PRAGMA synchronous").get()?.["synchronous"]) >= 2;
    this.#kept = this.#last = filesOf(path);
    return {
      ...real,
      commit: () => {
        real.commit();
        this.#record(filesOf(path), isFull);
      },
    };
  };

  /** Called when a commit has returned and nobody has been answered yet. */
  #record(after: Files, isFull: boolean): void {
    const acknowledged = this.#acknowledged();
    const restarted = !after.log.subarray(0, HEADER).equals(this.#last.log.subarray(0, HEADER));
    if (restarted) this.#restart(after, acknowledged);
    const logged = { database: this.#kept.database, log: after.log };
    this.exposures.push({ kept: this.#kept, written: logged, acknowledged });
    const hasCheckpointed = !after.database.equals(this.#kept.database);
    if (hasCheckpointed) this.exposures.push({ kept: logged, written: after, acknowledged });
    if (isFull || hasCheckpointed) this.#kept = after;
    this.#last = after;
  }

  /** The log begins anew, over the frames of the last one: first its header, alone. */
  #restart(after: Files, acknowledged: number): void {
    const log = Buffer.from(this.#last.log);
    const header = after.log.subarray(0, HEADER);
    const begun = log.length === 0 ? header : Buffer.concat([header, log.subarray(HEADER)]);
    const written = { database: this.#last.database, log: begun };
    this.exposures.push({ kept: this.#kept, written, acknowledged });
    this.#kept = written;
  }
}

function filesOf(path: string): Files {
  return { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
}

/** Lays the files that a power cut left behind into a directory, in place of those of an earlier one. */
export function layDown(directory: string, { database, log }: Files): void {
  rmSync(join(directory, "data.sqlite-shm"), { force: true });
  writeFileSync(join(directory, "data.sqlite"), database, { mode: 0o600 });
  writeFileSync(join(directory, "data.sqlite-wal"), log, { mode: 0o600 });
}

/** One state that a power cut could have left: `random` (0 ≤ … < 1) decides what of the unsynced came to the disk. */
export function afterPowerCut({ kept, written }: Exposure, random: () => number): Files {
  return {
    database: partOf(kept.database, written.database, random),
    log: partOf(kept.log, written.log, random),
  };
}

/** Sectors that were written arrive in any order: up to a place, or here and there, or all but a few, perhaps not at their end. */
function partOf(kept: Buffer, written: Buffer, random: () => number): Buffer {
  if (kept.equals(written)) return kept;
  const way = random();
  if (way < 0.1) return written;
  if (way < 0.2) return kept;
  const length = way < 0.3 ? kept.length : written.length;
  const state = Buffer.alloc(Math.max(length, kept.length));
  kept.copy(state);
  if (way < 0.5) {
    const cut = Math.floor(random() * (written.length + 1));
    const torn = Buffer.concat([written.subarray(0, cut), state.subarray(cut)]);
    return way < 0.4 ? torn : torn.subarray(0, Math.max(cut, kept.length));
  }
  const share = way < 0.75 ? random() : 0.97;
  for (let at = 0; at < Math.min(length, written.length); at += SECTOR) {
    if (random() < share) written.copy(state, at, at, at + SECTOR);
  }
  return state;
}
