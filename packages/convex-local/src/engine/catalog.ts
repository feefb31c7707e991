import type { Store } from "../storage/store.ts";
import { FIRST_SYSTEM_TABLE, FIRST_USER_TABLE, tableOfId } from "../values/id.ts";
import type { ValidatorJson } from "../values/validator.ts";

export interface Index {
  readonly id: number;
  /** `table.index`, as queries and read sets name it. */
  readonly name: string;
  /** The field paths of its key, `_creationTime` and `_id` at the end included. */
  readonly fields: readonly string[];
}

export interface Table {
  readonly number: number;
  readonly name: string;
  readonly indexes: Map<string, Index>;
  /** What its documents have to satisfy, without the system fields. */
  validator: ValidatorJson | undefined;
}

export const JOBS = "_scheduled_functions";
export const STORAGE = "_storage";
/** Where the bytes of stored files lie; for the runtime's own eyes. */
export const FILES = "_files";
const SYSTEM_TABLES = [JOBS, STORAGE, FILES];

/** The tables and indexes of the store, by name and by number. Its writes belong into the store's transaction. */
export class Catalog {
  readonly #store: Store;
  readonly #byName = new Map<string, Table>();
  readonly #byNumber = new Map<number, Table>();
  /** What is known may not be true: whoever asks next has it read again. */
  #isStale = true;

  constructor(store: Store) {
    this.#store = store;
    this.reload();
  }

  /**
   * Forgets what a rolled-back transaction added; validators stay. When storage fails meanwhile, nothing is answered before it has
   * been read: with half a catalog documents would be written that no index knows.
   */
  reload(): void {
    this.#isStale = true;
    const [tables, indexes] = [this.#store.tables(), this.#store.indexes()];
    const validators = new Map([...this.#byName].map(([name, table]) => [name, table.validator]));
    this.#byName.clear();
    this.#byNumber.clear();
    for (const { number, name } of tables) {
      this.#register({ number, name, indexes: new Map(), validator: validators.get(name) });
    }
    for (const { id, table: number, name, fields } of indexes) {
      const table = this.#byNumber.get(number);
      table?.indexes.set(name, { id, name: `${table.name}.${name}`, fields });
    }
    this.#isStale = false;
  }

  /** Reads again what another connection has added: tables. Their indexes change with the functions alone. */
  refreshIfGrown(): void {
    if (this.#store.countTables() !== this.#byName.size) this.reload();
  }

  tables(): Iterable<Table> {
    this.#refresh();
    return this.#byName.values();
  }

  table(name: string): Table | undefined {
    this.#refresh();
    return this.#byName.get(name);
  }

  tableOf(id: string): Table | undefined {
    this.#refresh();
    const number = tableOfId(id);
    return number === undefined ? undefined : this.#byNumber.get(number);
  }

  isWellFormed(id: string): boolean {
    return tableOfId(id) !== undefined;
  }

  readonly isIdOf = (tableName: string, id: string): boolean => {
    const table = this.table(tableName);
    return table !== undefined && tableOfId(id) === table.number;
  };

  /** The table with this name, created with its built-in indexes if it is missing. */
  ensureTable(name: string): Table {
    const existing = this.table(name);
    if (existing !== undefined) return existing;
    const table = {
      number: this.#freeNumber(name),
      name,
      indexes: new Map(),
      validator: undefined,
    };
    this.#store.addTable(table.number, name);
    this.#register(table);
    this.addIndex(table, "by_id", ["_id"]);
    this.addIndex(table, "by_creation_time", ["_creationTime", "_id"]);
    return table;
  }

  ensureSystemTables(): void {
    for (const name of SYSTEM_TABLES) this.ensureTable(name);
  }

  /** From now on documents are written only if they satisfy these; tables without one take anything. */
  enforce(validators: ReadonlyMap<string, ValidatorJson>): void {
    for (const table of this.#byName.values()) table.validator = validators.get(table.name);
  }

  addIndex(table: Table, name: string, fields: readonly string[]): Index {
    const id = this.#store.addIndex(table.number, name, fields);
    const index = { id, name: `${table.name}.${name}`, fields };
    table.indexes.set(name, index);
    return index;
  }

  dropIndex(table: Table, name: string): void {
    const index = table.indexes.get(name);
    if (index === undefined) return;
    this.#store.dropIndex(index.id);
    table.indexes.delete(name);
  }

  #refresh(): void {
    if (this.#isStale) this.reload();
  }

  #register(table: Table): void {
    this.#byName.set(table.name, table);
    this.#byNumber.set(table.number, table);
  }

  #freeNumber(name: string): number {
    const isSystem = name.startsWith("_");
    const numbers = [...this.#byNumber.keys()].filter(
      (number) => number < FIRST_USER_TABLE === isSystem,
    );
    return Math.max((isSystem ? FIRST_SYSTEM_TABLE : FIRST_USER_TABLE) - 1, ...numbers) + 1;
  }
}
