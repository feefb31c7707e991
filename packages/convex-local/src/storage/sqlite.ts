import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Statement, StoreDriver } from "./driver.ts";

/** Bytes of the write-ahead log beyond which nobody should keep an earlier state: it is begun anew only when nobody reads in it. */
const LONGEST_LOG = 64 * 1024 * 1024;

/** The real driver. In a file: write-ahead log, every commit synced before it returns. */
export function openSqlite(path: string): StoreDriver {
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;
     PRAGMA journal_size_limit = ${LONGEST_LOG}`,
  );
  const cached = new Map<string, () => void>();
  const run = (sql: string) => {
    let step = cached.get(sql);
    if (step === undefined) {
      const statement = database.prepare(sql);
      step = () => void statement.run();
      cached.set(sql, step);
    }
    step();
  };
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => wrap(database, sql),
    begin: () => run("BEGIN IMMEDIATE"),
    commit: () => run("COMMIT"),
    rollback: () => {
      if (database.isTransaction) run("ROLLBACK");
    },
    savepoint: (name) => run(`SAVEPOINT ${name}`),
    release: (name) => run(`RELEASE ${name}`),
    rollbackTo: (name) => {
      run(`ROLLBACK TO ${name}`);
      run(`RELEASE ${name}`);
    },
    close: () => database.close(),
  };
}

/** Whether the log of this database waits for its readers to let it be begun anew; it is cut back then. */
export function hasLongLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_LOG;
}

/** A view of a database that another process may be writing: reads one state of it, changes nothing, needs no lock. */
export function openSqliteToRead(path: string): StoreDriver {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  database.exec("PRAGMA temp_store = MEMORY; BEGIN");
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => wrap(database, sql),
    begin: refuse,
    commit: refuse,
    rollback: () => {},
    savepoint: refuse,
    release: refuse,
    rollbackTo: refuse,
    close: () => database.close(),
  };
}

/** The same for one state after the other: `begin` takes the present one, `rollback` lets it go, so that the log can be begun anew. */
export function openSqliteToFollow(path: string): StoreDriver {
  const driver = openSqliteToRead(path);
  const step = (sql: string) => {
    const { run } = driver.prepare(sql);
    return () => run();
  };
  const rollback = step("ROLLBACK");
  rollback();
  return { ...driver, begin: step("BEGIN"), rollback };
}

/** The same for a database that has no file, by way of a copy that nobody else can open. Takes as long as copying it all. */
export function openCopyToRead(driver: StoreDriver): StoreDriver {
  const directory = mkdtempSync(join(tmpdir(), "convex-local-"));
  try {
    const path = join(directory, "copy.sqlite");
    driver.exec(`VACUUM INTO '${path.replaceAll("'", "''")}'`);
    return openSqliteToRead(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function refuse(): never {
  throw new Error("This database is open for reading only.");
}

function wrap(database: DatabaseSync, sql: string): Statement {
  const statement = database.prepare(sql);
  return {
    run: (...parameters) => void statement.run(...(parameters as SQLInputValue[])),
    get: (...parameters) => statement.get(...(parameters as SQLInputValue[])),
    all: (...parameters) => statement.all(...(parameters as SQLInputValue[])),
  };
}
