import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Statement, StoreDriver } from "./driver.ts";

/** The real driver. In a file: write-ahead log, every commit synced before it returns. */
export function openSqlite(path: string): StoreDriver {
  const database = new DatabaseSync(path);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536",
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
