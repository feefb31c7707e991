import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EngineError } from "../engine/errors.ts";
import { checkDirectory, refuseMissing, type Report } from "./check.ts";
import { makeDirectory, syncNames } from "../storage/names.ts";
import {
  asUnreadable,
  databaseIn,
  filesIn,
  refuseForeignDatabase,
} from "../storage/data-directory.ts";

/**
 * Copies one state of a data directory, database and stored files, to a directory that does not exist yet; the original may be in
 * use meanwhile. The copy appears under its name only when it is whole and checked. The admin key is not part of it.
 * Throws an EngineError that says what is in the way.
 */
export function backUp(data: string, target: string): Report {
  const source = databaseIn(data);
  refuseMissing(source);
  refuseForeignDatabase(source);
  return appear(target, (unfinished) => {
    // Files never change, so one that is gone after the database was copied is still here from before.
    copyFiles(data, unfinished);
    copyDatabase(source, databaseIn(unfinished));
    copyFiles(data, unfinished);
  });
}

/**
 * Makes a data directory from a backup. The directory must not exist yet, or be empty: nothing is ever overwritten.
 * Throws an EngineError that says what is in the way.
 */
export function restore(backup: string, data: string): Report {
  refuseMissing(databaseIn(backup));
  refuseForeignDatabase(databaseIn(backup));
  return appear(data, (unfinished) => {
    copyDatabase(databaseIn(backup), databaseIn(unfinished));
    copyFiles(backup, unfinished);
  });
}

function appear(target: string, fill: (unfinished: string) => void): Report {
  const path = resolve(target);
  const present = statSync(path, { throwIfNoEntry: false });
  if (present !== undefined && !(present.isDirectory() && readdirSync(path).length === 0)) {
    const what = present.isDirectory() ? "not empty" : "not a directory";
    throw new EngineError(
      "target_exists",
      `${path} is ${what}, and nothing is overwritten. Name another directory.`,
    );
  }
  const unfinished = `${path}.partial`;
  rmSync(unfinished, { recursive: true, force: true });
  makeDirectory(unfinished);
  try {
    fill(unfinished);
    const report = checkDirectory(unfinished);
    const [first] = report.problems;
    if (first !== undefined) {
      throw new EngineError(
        "database_unreadable",
        `The copy is damaged, so it was not kept: ${first}`,
      );
    }
    for (const ending of ["-wal", "-shm"]) rmSync(databaseIn(unfinished) + ending, { force: true });
    syncNames(unfinished);
    rmSync(path, { recursive: true, force: true });
    renameSync(unfinished, path);
    syncNames(dirname(path));
    return report;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** One state of a database that may be written meanwhile. */
function copyDatabase(from: string, to: string): void {
  const database = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    database.prepare("VACUUM INTO ?").run(to);
  } catch (error) {
    throw asUnreadable(from, error);
  } finally {
    database.close();
  }
  chmodSync(to, 0o600);
  syncNames(to);
}

function copyFiles(data: string, target: string): void {
  const [from, to] = [filesIn(data), filesIn(target)];
  makeDirectory(to);
  if (!existsSync(from)) return;
  for (const name of readdirSync(from)) {
    if (name.startsWith(".") || existsSync(join(to, name))) continue;
    copyFile(join(from, name), join(to, name));
  }
  syncNames(to);
}

/** Nothing, if it was deleted meanwhile. */
function copyFile(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  chmodSync(to, 0o600);
  syncNames(to);
}
