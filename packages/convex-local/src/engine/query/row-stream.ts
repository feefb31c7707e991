import type { Entry } from "../../storage/store.ts";
import { keyAfter } from "../../values/key.ts";
import type { Interval } from "../reads.ts";
import type { Transaction } from "../transaction.ts";
import type { Range } from "./range.ts";

const FIRST_CHUNK = 8;
const LARGEST_CHUNK = 256;

/**
 * The rows of an index range, one by one. The read set grows with each row that is handed out, whatever was read ahead,
 * and takes the rest of the range when the rows have run out.
 */
export class RowStream {
  readonly #transaction: Transaction;
  readonly #range: Range;
  #ahead: Entry[] = [];
  /** Whether nothing comes after what was read ahead. */
  #isAllRead = false;
  #chunk: number;
  #version: number;
  /** The row that was handed out last. */
  #last: Entry | undefined;
  #isAtEnd = false;
  #isRecorded = false;

  /** `wanted`: how many rows it will be asked for at most, if that is known. */
  constructor(transaction: Transaction, range: Range, wanted = FIRST_CHUNK) {
    transaction.usage.add("databaseQueries", 1);
    this.#transaction = transaction;
    this.#range = range;
    this.#version = transaction.version;
    this.#chunk = Math.min(wanted, LARGEST_CHUNK);
  }

  next(): Entry | undefined {
    const row = this.#isAtEnd ? undefined : this.#readAhead();
    if (row === undefined) this.#isAtEnd = true;
    else this.#last = row;
    if (!this.#isRecorded) this.#transaction.record(this.#range.indexName, () => this.#consumed());
    this.#isRecorded = true;
    if (row !== undefined) this.#transaction.charge(row.value);
    return row;
  }

  #readAhead(): Entry | undefined {
    if (this.#version !== this.#transaction.version) this.#forgetAhead();
    if (this.#ahead.length === 0) this.#fill();
    return this.#ahead.shift();
  }

  /** The function has written since: what lies ahead may have changed. */
  #forgetAhead(): void {
    this.#version = this.#transaction.version;
    this.#ahead = [];
    this.#isAllRead = false;
  }

  #fill(): void {
    const { index, order } = this.#range;
    if (index === undefined || this.#isAllRead) return;
    this.#ahead = this.#transaction.scan(index, this.#rest(), order, this.#chunk);
    this.#isAllRead = this.#ahead.length < this.#chunk;
    this.#chunk = Math.min(this.#chunk * 4, LARGEST_CHUNK);
  }

  #consumed(): Interval {
    const { interval, order } = this.#range;
    if (this.#isAtEnd || this.#last === undefined) return interval;
    const { key } = this.#last;
    return order === "asc"
      ? { from: interval.from, to: keyAfter(key) }
      : { from: key, to: interval.to };
  }

  /** What comes after the row that was handed out last. */
  #rest(): Interval {
    const { interval, order } = this.#range;
    if (this.#last === undefined) return interval;
    const { key } = this.#last;
    return order === "asc"
      ? { from: keyAfter(key), to: interval.to }
      : { from: interval.from, to: key };
  }
}
