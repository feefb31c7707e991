import { randomBytes } from "node:crypto";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { spread } from "./figure.ts";
import type { Run } from "./figure.ts";
import { Scratch } from "./places.ts";

/** As many as a document of the fixture's table has: by id, by time of creation, by room. */
const INDEXES = 3;

/**
 * What SQLite does by itself of what a mutation needs: a document and its index entries, `count` times, each in a transaction that is
 * on disk before the next begins. No network, no functions, no subscriptions. Rate per second, latencies in milliseconds.
 */
export function insertAlone(count: number): Run {
  using scratch = new Scratch();
  const database = new DatabaseSync(path.join(scratch.path, "alone.sqlite"));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE documents (id BLOB PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE entries (key BLOB PRIMARY KEY, id BLOB NOT NULL) WITHOUT ROWID;`);
  const document = database.prepare("INSERT INTO documents VALUES (?, ?)");
  const entry = database.prepare("INSERT INTO entries VALUES (?, ?)");
  const durations: number[] = [];
  const started = performance.now();
  for (let at = 0; at < count; at += 1) {
    const begun = performance.now();
    const id = randomBytes(16);
    database.exec("BEGIN IMMEDIATE");
    document.run(id, JSON.stringify({ room: "harbor", text: `message ${at}` }));
    for (let index = 0; index < INDEXES; index += 1) {
      entry.run(Buffer.concat([Buffer.of(index), randomBytes(24)]), id);
    }
    database.exec("COMMIT");
    durations.push(performance.now() - begun);
  }
  const rate = (count / (performance.now() - started)) * 1_000;
  database.close();
  return { rate, ...spread(durations) };
}
