import type { StoreDriver } from "./driver.ts";

/** "CvxL", in the header of every database of this runtime. */
export const APPLICATION_ID = 0x4376_784c;
export const FORMAT_VERSION = 1;

/**
 * Documents are Convex JSON. Every index, the built-in ones included, is a range of `entries`; `document` there is the row id
 * in `documents`. Timestamps (ns) are decimal text, because they exceed what a double holds.
 */
const TABLES = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE tables (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY, tableNumber INTEGER NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL,
    UNIQUE (tableNumber, name)
  );
  CREATE TABLE documents (id INTEGER PRIMARY KEY, tableNumber INTEGER NOT NULL, value TEXT NOT NULL);
  CREATE TABLE entries (
    indexId INTEGER NOT NULL, key BLOB NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (indexId, key)
  ) WITHOUT ROWID;
  CREATE TABLE answers (
    session TEXT NOT NULL, request INTEGER NOT NULL, at REAL NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (session, request)
  ) WITHOUT ROWID;
  CREATE TABLE environment (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE crons (name TEXT PRIMARY KEY, spec TEXT NOT NULL, nextRun REAL NOT NULL) WITHOUT ROWID;
`;

/** Lays out an empty database; leaves an existing one as it is. */
export function layOut(driver: StoreDriver): void {
  const version = driver.prepare("PRAGMA user_version").get()?.["user_version"];
  if (version !== 0) return;
  driver.begin();
  try {
    driver.exec(
      `PRAGMA application_id = ${APPLICATION_ID}; ${TABLES} PRAGMA user_version = ${FORMAT_VERSION}`,
    );
    driver.commit();
  } catch (error) {
    driver.rollback();
    throw error;
  }
}
