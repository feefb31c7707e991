import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import type { Statement, StoreDriver } from "./driver.ts";
import { type FileStore, MemoryFiles } from "./file-store.ts";

/** What an engine may ask of a disk. `write` is a statement of a transaction, `commit` its sync. */
export type DiskOperation = "read" | "write" | "commit" | "readFile" | "writeFile";

/**
 * `fails` and `full` are errors of the disk: nothing of the operation is kept, and the engine has to say so. `crashBefore` and
 * `crashAfter` end the process that asked, before the operation or once it is durable and before anybody hears of it.
 */
export type DiskFault = "fails" | "full" | "crashBefore" | "crashAfter";

const MESSAGES = { fails: "disk I/O error", full: "database or disk is full" } as const;

/** The process that used this handle of a disk is dead. */
class Crashed extends Error {
  override readonly name = "Crashed";
}

/** What one process has of a disk, until it ends. */
export interface Mount {
  readonly driver: StoreDriver;
  readonly files: FileStore;
  /** The process is dead: its open transaction is rolled back, and every later call throws. Idempotent. */
  cut(): void;
}

/**
 * A disk in memory that outlives the processes which use it, one after the other. Everything committed stays, as it does when a
 * process is killed; power cuts are another matter and not simulated here.
 */
export class MemoryDisk {
  /** Asked before every operation: what goes wrong with it, if anything. */
  faults: ((operation: DiskOperation) => DiskFault | null) | null = null;
  readonly #database = new DatabaseSync(":memory:");
  readonly #files = new MemoryFiles();
  /** Shared by all mounts, because preparing costs more than running. */
  readonly #prepared = new Map<string, StatementSync>();
  #current: { isCut: boolean } | undefined;
  #isObserved = false;

  constructor() {
    this.#database.exec("PRAGMA temp_store = MEMORY");
  }

  /** `onCrash` is called when a fault ends the process. Throws while another process uses the disk. */
  mount(onCrash: () => void): Mount {
    if (this.#current?.isCut === false) throw new Error("The disk is in use.");
    const held = { isCut: false };
    this.#current = held;
    const cut = () => {
      if (held.isCut) return;
      held.isCut = true;
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    };
    const guarded = <T>(operation: DiskOperation, work: () => T): T =>
      this.#guarded(held, operation, work, onCrash);
    const driver = this.#driver(held, guarded, cut);
    return { driver, files: faultyFiles(this.#files, guarded), cut };
  }

  /** Does `work` without faults, by the hand of whoever watches the process and not of the process itself. */
  observe<T>(work: () => T): T {
    const before = this.#isObserved;
    this.#isObserved = true;
    try {
      return work();
    } finally {
      this.#isObserved = before;
    }
  }

  /** Gives the memory back. Nothing may use the disk any more. */
  dispose(): void {
    if (this.#current !== undefined) this.#current.isCut = true;
    this.#prepared.clear();
    this.#database.close();
  }

  #guarded<T>(
    held: { readonly isCut: boolean },
    operation: DiskOperation,
    work: () => T,
    onCrash: () => void,
  ): T {
    if (this.#isObserved) return work();
    if (held.isCut) throw new Crashed("The process that used this disk is dead.");
    const fault = this.faults?.(operation) ?? null;
    if (fault === "fails" || fault === "full") throw new Error(MESSAGES[fault]);
    if (fault === null) return work();
    if (fault === "crashAfter") work();
    onCrash();
    throw new Crashed("The process ends here.");
  }

  #driver(held: { readonly isCut: boolean }, guarded: Guarded, cut: () => void): StoreDriver {
    const step = (operation: DiskOperation, sql: string) => {
      const statement = this.#statement(sql);
      return () => guarded(operation, () => void statement.run());
    };
    const named = new Map<string, () => void>();
    const write = (sql: string) => {
      let run = named.get(sql);
      if (run === undefined) named.set(sql, (run = step("write", sql)));
      run();
    };
    return {
      exec: (sql) => guarded("write", () => this.#database.exec(sql)),
      prepare: (sql) => faultyStatement(this.#statement(sql), sql, guarded),
      begin: step("write", "BEGIN IMMEDIATE"),
      commit: step("commit", "COMMIT"),
      rollback: () => {
        if (!held.isCut && this.#database.isTransaction) this.#database.exec("ROLLBACK");
      },
      savepoint: (name) => write(`SAVEPOINT ${name}`),
      release: (name) => write(`RELEASE ${name}`),
      rollbackTo: (name) => {
        write(`ROLLBACK TO ${name}`);
        write(`RELEASE ${name}`);
      },
      close: cut,
    };
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}

/** Does what is asked of the disk, unless its process is dead or something goes wrong. */
type Guarded = <T>(operation: DiskOperation, work: () => T) => T;

function faultyStatement(statement: StatementSync, sql: string, guarded: Guarded): Statement {
  const operation = /^\s*(?:SELECT|PRAGMA)/i.test(sql) ? "read" : "write";
  return {
    run: (...parameters) =>
      guarded(operation, () => void statement.run(...(parameters as SQLInputValue[]))),
    get: (...parameters) =>
      guarded(operation, () => statement.get(...(parameters as SQLInputValue[]))),
    all: (...parameters) =>
      guarded(operation, () => statement.all(...(parameters as SQLInputValue[]))),
  };
}

/** A file whose writing was cut short by a crash is not there. */
function faultyFiles(files: MemoryFiles, guarded: Guarded): FileStore {
  return {
    async receive(key, body) {
      const received = new MemoryFiles();
      await received.receive(key, body);
      return guarded("writeFile", () => files.write(key, received.readWhole(key)));
    },
    write: (key, bytes) => guarded("writeFile", () => files.write(key, bytes)),
    readWhole: (key) => guarded("readFile", () => files.readWhole(key)),
    read: (key, range) => guarded("readFile", () => files.read(key, range)),
    remove: (key) => guarded("writeFile", () => files.remove(key)),
    sweep: (known) => guarded("writeFile", () => files.sweep(known)),
  };
}
