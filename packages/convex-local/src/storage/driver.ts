/** A prepared statement; parameters by position. */
export interface Statement {
  run(...parameters: readonly SqlValue[]): void;
  get(...parameters: readonly SqlValue[]): Row | undefined;
  all(...parameters: readonly SqlValue[]): Row[];
}

type SqlValue = string | number | bigint | null | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/**
 * The whole surface between the engine and its database: one connection, used by one thread. Crashes and failing disks are
 * injected by wrapping it. Everything is synchronous; `commit` returns only when the data would survive a power cut.
 */
export interface StoreDriver {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  begin(): void;
  /** Durable when it returns. When it throws, nothing of the transaction is kept and `rollback` has to follow. */
  commit(): void;
  rollback(): void;
  /** Savepoints nest; `rollbackTo` undoes and ends the named one and all within it. Names are plain words. */
  savepoint(name: string): void;
  release(name: string): void;
  rollbackTo(name: string): void;
  close(): void;
}
