import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Makes the names within a directory last: files that appeared, were renamed or went. Serves for a file's own bytes as well. */
export function syncNames(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a directory for its owner alone (0700), with all above it that is missing, such that a power cut does not undo it. One by one,
 * because Node's own recursion never returns where the system refuses to make anything, as below `/proc`.
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const directory of missing) {
    makeOne(directory);
    syncNames(dirname(directory));
  }
}

/** Somebody else may make it at the same moment. */
function makeOne(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
