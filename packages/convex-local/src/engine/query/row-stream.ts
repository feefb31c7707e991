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
  readonly #consumed: Interval;
  /** What is still to be read from the store. */
  #rest: Interval;
  #ahead: Entry[] = [];
  #chunk: number;
  #version: number;
  #isRecorded = false;

  /** `wanted`: how many rows it will be asked for at most, if that is known. */
  constructor(transaction: Transaction, range: Range, wanted = FIRST_CHUNK) {
    transaction.usage.add("databaseQueries", 1);
    this.#transaction = transaction;
    this.#range = range;
    this.#rest = { ...range.interval };
    const { from, to } = range.interval;
    this.#consumed = range.order === "asc" ? { from, to: from } : { from: to, to };
    this.#version = transaction.version;
    this.#chunk = Math.min(wanted, LARGEST_CHUNK);
  }

  next(): Entry | undefined {
    const row = this.#readAhead();
    if (row === undefined) this.#consume(this.#range.interval.to, this.#range.interval.from);
    else {
      this.#consume(keyAfter(row.key), row.key);
      this.#transaction.charge(row.value);
    }
    return row;
  }

  #readAhead(): Entry | undefined {
    if (this.#version !== this.#transaction.version) this.#startAgainFromHere();
    if (this.#ahead.length === 0) this.#fill();
    return this.#ahead.shift();
  }

  /** The function has written since: what lies ahead may have changed. */
  #startAgainFromHere(): void {
    this.#version = this.#transaction.version;
    this.#ahead = [];
    const { interval, order } = this.#range;
    if (!this.#isRecorded) this.#rest = { ...interval };
    else if (order === "asc") this.#rest = { from: this.#consumed.to, to: interval.to };
    else this.#rest = { from: interval.from, to: this.#consumed.from };
  }

  #fill(): void {
    const { index, order } = this.#range;
    if (index === undefined || Buffer.compare(this.#rest.from, this.#rest.to) >= 0) return;
    this.#ahead = this.#transaction.scan(index, this.#rest, order, this.#chunk);
    const last = this.#ahead.at(-1);
    if (last === undefined || this.#ahead.length < this.#chunk) this.#rest.from = this.#rest.to;
    else if (order === "asc") this.#rest.from = keyAfter(last.key);
    else this.#rest.to = last.key;
    this.#chunk = Math.min(this.#chunk * 4, LARGEST_CHUNK);
  }

  #consume(upTo: Uint8Array, downTo: Uint8Array): void {
    if (this.#range.order === "asc") this.#consumed.to = upTo;
    else this.#consumed.from = downTo;
    if (!this.#isRecorded) this.#transaction.record(this.#range.indexName, this.#consumed);
    this.#isRecorded = true;
  }
}
