/** A prepared statement; parameters by position. */
export interface Statement {
  readonly run: (...parameters: readonly SqlValue[]) => void;
  readonly get: (...parameters: readonly SqlValue[]) => Row | undefined;
  readonly all: (...parameters: readonly SqlValue[]) => Row[];
}

type SqlValue = string | number | bigint | null | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/**
 * The whole surface between the engine and its database: one connection, used by one thread. Crashes and failing disks are
 * injected by wrapping it, so its methods need no `this`. Everything is synchronous; `commit` returns only when the data would survive a power cut.
 */
export interface StoreDriver {
  readonly exec: (sql: string) => void;
  readonly prepare: (sql: string) => Statement;
  readonly begin: () => void;
  /** Durable when it returns. When it throws, nothing of the transaction is kept and `rollback` has to follow. */
  readonly commit: () => void;
  readonly rollback: () => void;
  /** Savepoints nest; `rollbackTo` undoes and ends the named one and all within it. Names are plain words. */
  readonly savepoint: (name: string) => void;
  readonly release: (name: string) => void;
  readonly rollbackTo: (name: string) => void;
  readonly close: () => void;
}
